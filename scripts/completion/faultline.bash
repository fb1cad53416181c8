# SPDX-License-Identifier: BSD-2-Clause
# Completion for bash. Commands and options are those that `faultline --help` names, and the helps of
# the commands that have one.
_faultline() {
    local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]-} help
    help=$(faultline --help 2>/dev/null)
    if [[ $word == -* ]]; then
        [[ $command =~ ^(grade|quiz|replay|report|cc)$ ]] && help=$(faultline "$command" --help 2>&1)
        mapfile -t COMPREPLY < <(compgen -W "$(grep -oE -- '--[a-z][a-z0-9-]*=?' <<<"$help" | sort -u)" -- "$word")
        [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
        return
    fi
    if [[ $COMP_CWORD -eq 1 ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(sed -nE 's/^ *faultline ([a-z][a-z-]*).*/\1/p' <<<"$help" | sort -u)" -- "$word")
        return
    fi
    compopt -o default
    COMPREPLY=()
    [[ $COMP_CWORD -eq 2 && $command =~ ^[a-z-]+$ ]] || return
    mapfile -t COMPREPLY < <(compgen -W "$(sed -nE "s/^ *faultline $command (N \| )?([a-z|]+).*/\2/p" <<<"$help" | tr '|' '\n')" -- "$word")
}
complete -F _faultline faultline
