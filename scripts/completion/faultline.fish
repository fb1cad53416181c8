# SPDX-License-Identifier: BSD-2-Clause
# Completion for fish. Commands and options are those that `faultline --help` names, and the helps of the
# commands that have one.
function __faultline_options
    set -l words (commandline -opc)
    if contains -- "$words[2]" grade quiz replay report cc
        faultline $words[2] --help 2>&1 | string match -ra -- '--[a-z][a-z0-9-]*' | sort -u
    else
        faultline --help 2>/dev/null | string match -ra -- '--[a-z][a-z0-9-]*' | sort -u
    end
end
complete -c faultline -n __fish_use_subcommand -f -a "(faultline --help 2>/dev/null | string replace -rf '^ *faultline ([a-z][a-z-]*).*' '\$1' | sort -u)"
complete -c faultline -n '__fish_seen_subcommand_from lesson' -a 'next check new print export import'
complete -c faultline -n 'string match -q -- "-*" (commandline -ct)' -f -a "(__faultline_options)"
