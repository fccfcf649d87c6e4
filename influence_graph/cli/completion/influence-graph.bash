# Completion of influence-graph in bash 4.4 or newer.
_influence_graph_completion() {
    local IFS=$'\n' line type value
    COMPREPLY=()
    while IFS=, read -r type value; do
        case $type in
            dir) compopt -o dirnames -o filenames ;;
            file) compopt -o default -o filenames ;;
            open) compopt -o nospace; COMPREPLY+=("$value") ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done < <(COMP_WORDS="${COMP_LINE:0:COMP_POINT}" _INFLUENCE_GRAPH_COMPLETE=bash_complete "$1" 2>/dev/null)
}
complete -o nosort -F _influence_graph_completion influence-graph
