# Completion of influence-graph in fish.
function __influence_graph_complete
    for line in (_INFLUENCE_GRAPH_COMPLETE=fish_complete COMP_WORDS=(commandline -cp) COMP_CWORD=(commandline -ct) influence-graph 2>/dev/null)
        set -l parts (string split -m 1 , -- $line)
        switch $parts[1]
            case dir
                __fish_complete_directories $parts[2]
            case file
                __fish_complete_path $parts[2]
            case plain
                echo $parts[2]
        end
    end
end
complete --command influence-graph --no-files --arguments '(__influence_graph_complete)'
