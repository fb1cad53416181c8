# SPDX-License-Identifier: BSD-2-Clause
# Completion for fish. Commands and options are those that `faultline --help` names.
complete -c faultline -n __fish_use_subcommand -f -a "(faultline --help 2>/dev/null | string replace -rf '^ *faultline ([a-z]+).*' '\$1' | sort -u)"
complete -c faultline -n 'string match -q -- "-*" (commandline -ct)' -f -a "(faultline --help 2>/dev/null | string match -ra -- '--[a-z][a-z-]*' | sort -u)"
