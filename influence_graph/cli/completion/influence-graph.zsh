#compdef influence-graph
# Completion of influence-graph in zsh.
_influence-graph() {
    local -a lines plain described open opened
    local kind value about
    lines=("${(@f)$(COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT - 1)) _INFLUENCE_GRAPH_COMPLETE=zsh_complete ${words[1]} 2>/dev/null)}")
    for kind value about in $lines; do
        case $kind in
            dir) _path_files -/ ;;
            file) _files ;;
            open) if [[ $about == _ ]]; then open+=("$value"); else opened+=("$value:$about"); fi ;;
            plain) if [[ $about == _ ]]; then plain+=("$value"); else described+=("$value:$about"); fi ;;
        esac
    done
    (( $#described )) && _describe -V influence-graph described -U
    (( $#plain )) && compadd -U -V influence-graph -a plain
    (( $#opened )) && _describe -V influence-graph-open opened -U -S ''
    (( $#open )) && compadd -U -S '' -V influence-graph-open -a open
    return 0
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _influence-graph "$@"
else
    compdef _influence-graph influence-graph
fi
