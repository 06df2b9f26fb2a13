# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_holdpoint_global_optspecs
    string join \n h/help V/version
end

function __fish_holdpoint_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_holdpoint_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_holdpoint_using_subcommand
    set -l cmd (__fish_holdpoint_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c holdpoint -n "__fish_holdpoint_needs_command" -s h -l help -d 'Print help'
complete -c holdpoint -n "__fish_holdpoint_needs_command" -s V -l version -d 'Print version'
complete -c holdpoint -n "__fish_holdpoint_needs_command" -f -a "run" -d 'Run a command behind the judge and inside the walls'
complete -c holdpoint -n "__fish_holdpoint_needs_command" -f -a "check" -d 'Say what would be decided about a text, and why; run nothing'
complete -c holdpoint -n "__fish_holdpoint_needs_command" -f -a "pending" -d 'List the commands that wait for an answer'
complete -c holdpoint -n "__fish_holdpoint_needs_command" -f -a "approve" -d 'Say yes to a command that waits, for one run'
complete -c holdpoint -n "__fish_holdpoint_needs_command" -f -a "deny" -d 'Say no to a command that waits'
complete -c holdpoint -n "__fish_holdpoint_needs_command" -f -a "trust" -d 'Let a repository\'s policy file loosen as well as tighten, until it is edited'
complete -c holdpoint -n "__fish_holdpoint_needs_command" -f -a "log" -d 'Show the record, the newest last'
complete -c holdpoint -n "__fish_holdpoint_needs_command" -f -a "doctor" -d 'Say what stands on this machine, what does not, and why'
complete -c holdpoint -n "__fish_holdpoint_needs_command" -f -a "scan" -d 'Find files that hold tokens, by line and kind and never by value, and wall them off'
complete -c holdpoint -n "__fish_holdpoint_needs_command" -f -a "rules" -d 'Show, try and write rules'
complete -c holdpoint -n "__fish_holdpoint_needs_command" -f -a "demo" -d 'Build and play the nine-second incident on this machine, with nothing simulated but the cloud'
complete -c holdpoint -n "__fish_holdpoint_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand run" -l task -d 'A task of the policy, which narrows what the command may do' -r
complete -c holdpoint -n "__fish_holdpoint_using_subcommand run" -s c -d 'Shell text for bash' -r
complete -c holdpoint -n "__fish_holdpoint_using_subcommand run" -s h -l help -d 'Print help'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand check" -l json -d 'Print the verdict as one JSON object'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand check" -l walls -d 'Say too what it could read and write, and which credentials it would get'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand check" -l batch -d 'Read JSON lines {"id","command","cwd"?} and answer each with a line'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand check" -s h -l help -d 'Print help'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand pending" -l json -d 'Print JSON lines'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand pending" -s h -l help -d 'Print help'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand approve" -l name -d 'The name that must be typed, where there is no terminal' -r
complete -c holdpoint -n "__fish_holdpoint_using_subcommand approve" -s h -l help -d 'Print help'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand deny" -l because -d 'Why; the agent reads it' -r
complete -c holdpoint -n "__fish_holdpoint_using_subcommand deny" -s h -l help -d 'Print help'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand trust" -l revoke -d 'Take the trust back'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand trust" -l list -d 'List what is trusted'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand trust" -s h -l help -d 'Print help'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand log" -s n -d 'How many commands' -r
complete -c holdpoint -n "__fish_holdpoint_using_subcommand log" -l json -d 'Print the record\'s own lines'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand log" -l verify -d 'Check that no line was changed, removed or moved'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand log" -s h -l help -d 'Print help'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand doctor" -l json -d 'Print one JSON object'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand scan" -l fix -d 'Wall off the files that were found, for every later command'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand scan" -l forget -d 'Let commands read these files again'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand scan" -l json -d 'Print one JSON object'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand scan" -s h -l help -d 'Print help'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand rules; and not __fish_seen_subcommand_from list show test lint new schema help" -s h -l help -d 'Print help'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand rules; and not __fish_seen_subcommand_from list show test lint new schema help" -f -a "list" -d 'All rules, a line each'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand rules; and not __fish_seen_subcommand_from list show test lint new schema help" -f -a "show" -d 'One rule'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand rules; and not __fish_seen_subcommand_from list show test lint new schema help" -f -a "test" -d 'Try rules with their own trials'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand rules; and not __fish_seen_subcommand_from list show test lint new schema help" -f -a "lint" -d 'Look for flaws in the form of rules'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand rules; and not __fish_seen_subcommand_from list show test lint new schema help" -f -a "new" -d 'Print a pack to begin with'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand rules; and not __fish_seen_subcommand_from list show test lint new schema help" -f -a "schema" -d 'Print a JSON Schema, for editors that complete what is typed'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand rules; and not __fish_seen_subcommand_from list show test lint new schema help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand rules; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand rules; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand rules; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand rules; and __fish_seen_subcommand_from lint" -s h -l help -d 'Print help'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand rules; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand rules; and __fish_seen_subcommand_from schema" -s h -l help -d 'Print help'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand rules; and __fish_seen_subcommand_from help" -f -a "list" -d 'All rules, a line each'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand rules; and __fish_seen_subcommand_from help" -f -a "show" -d 'One rule'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand rules; and __fish_seen_subcommand_from help" -f -a "test" -d 'Try rules with their own trials'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand rules; and __fish_seen_subcommand_from help" -f -a "lint" -d 'Look for flaws in the form of rules'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand rules; and __fish_seen_subcommand_from help" -f -a "new" -d 'Print a pack to begin with'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand rules; and __fish_seen_subcommand_from help" -f -a "schema" -d 'Print a JSON Schema, for editors that complete what is typed'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand rules; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand demo" -s h -l help -d 'Print help'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand help; and not __fish_seen_subcommand_from run check pending approve deny trust log doctor scan rules demo help" -f -a "run" -d 'Run a command behind the judge and inside the walls'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand help; and not __fish_seen_subcommand_from run check pending approve deny trust log doctor scan rules demo help" -f -a "check" -d 'Say what would be decided about a text, and why; run nothing'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand help; and not __fish_seen_subcommand_from run check pending approve deny trust log doctor scan rules demo help" -f -a "pending" -d 'List the commands that wait for an answer'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand help; and not __fish_seen_subcommand_from run check pending approve deny trust log doctor scan rules demo help" -f -a "approve" -d 'Say yes to a command that waits, for one run'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand help; and not __fish_seen_subcommand_from run check pending approve deny trust log doctor scan rules demo help" -f -a "deny" -d 'Say no to a command that waits'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand help; and not __fish_seen_subcommand_from run check pending approve deny trust log doctor scan rules demo help" -f -a "trust" -d 'Let a repository\'s policy file loosen as well as tighten, until it is edited'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand help; and not __fish_seen_subcommand_from run check pending approve deny trust log doctor scan rules demo help" -f -a "log" -d 'Show the record, the newest last'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand help; and not __fish_seen_subcommand_from run check pending approve deny trust log doctor scan rules demo help" -f -a "doctor" -d 'Say what stands on this machine, what does not, and why'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand help; and not __fish_seen_subcommand_from run check pending approve deny trust log doctor scan rules demo help" -f -a "scan" -d 'Find files that hold tokens, by line and kind and never by value, and wall them off'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand help; and not __fish_seen_subcommand_from run check pending approve deny trust log doctor scan rules demo help" -f -a "rules" -d 'Show, try and write rules'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand help; and not __fish_seen_subcommand_from run check pending approve deny trust log doctor scan rules demo help" -f -a "demo" -d 'Build and play the nine-second incident on this machine, with nothing simulated but the cloud'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand help; and not __fish_seen_subcommand_from run check pending approve deny trust log doctor scan rules demo help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand help; and __fish_seen_subcommand_from rules" -f -a "list" -d 'All rules, a line each'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand help; and __fish_seen_subcommand_from rules" -f -a "show" -d 'One rule'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand help; and __fish_seen_subcommand_from rules" -f -a "test" -d 'Try rules with their own trials'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand help; and __fish_seen_subcommand_from rules" -f -a "lint" -d 'Look for flaws in the form of rules'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand help; and __fish_seen_subcommand_from rules" -f -a "new" -d 'Print a pack to begin with'
complete -c holdpoint -n "__fish_holdpoint_using_subcommand help; and __fish_seen_subcommand_from rules" -f -a "schema" -d 'Print a JSON Schema, for editors that complete what is typed'
