# SPDX-License-Identifier: BSD-2-Clause
# Completion for bash. Commands and options are those that `faultline --help` names.
_faultline() {
    local word=${COMP_WORDS[COMP_CWORD]} help
    help=$(faultline --help 2>/dev/null)
    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(grep -oE -- '--[a-z][a-z-]*=?' <<<"$help" | sort -u)" -- "$word")
        [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
    elif [[ $COMP_CWORD -eq 1 ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(sed -nE 's/^ *faultline ([a-z]+).*/\1/p' <<<"$help" | sort -u)" -- "$word")
    else
        compopt -o default
        COMPREPLY=()
    fi
}
complete -F _faultline faultline
