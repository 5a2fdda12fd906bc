// `heed completion bash`: the script that completes subcommands, options and models.
#include <fmt/format.h>

#include "app/cli/command.h"

namespace heed::app {
namespace {

// Options of a command by their long names, else short ones.
std::string list_options(const CLI::App& command) {
    std::string words;
    for (const CLI::Option* option : command.get_options()) {
        for (const std::string& name : option->get_lnames()) words += " --" + name;
        for (const std::string& name : option->get_snames()) words += " -" + name;
    }
    return words;
}

void print_bash(const CLI::App& app) {
    std::string commands;
    std::string cases;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
        commands += " " + command->get_name();
        cases += fmt::format("        {}) words=\"{}\" ;;\n", command->get_name(),
                             list_options(*command));
    }
    fmt::print(
        "_heed() {{\n"
        "    local heed=\"${{COMP_WORDS[0]}}\" current=\"${{COMP_WORDS[COMP_CWORD]}}\"\n"
        "    local previous=\"${{COMP_WORDS[COMP_CWORD-1]}}\" words=\"\"\n"
        "    case \"$previous\" in\n"
        "        -m|--model|info) words=\"$($heed models --names 2>/dev/null)\" ;;\n"
        "        --backend) words=\"cpu gl\" ;;\n"
        "        *) case \"${{COMP_WORDS[1]}}\" in\n"
        "{}"
        "        *) words=\"{}{}\" ;;\n"
        "        esac ;;\n"
        "    esac\n"
        "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\") $(compgen -f -- \"$current\"))\n"
        "}}\n"
        "complete -o filenames -F _heed heed\n",
        cases, commands, list_options(app));
}

}  // namespace

void add_completion_command(CLI::App& app, int& /*status*/) {
    CLI::App* command = app.add_subcommand("completion", "Print a completion script for a shell");
    auto shell = std::make_shared<std::string>("bash");
    command->add_option("SHELL", *shell, "bash")->check(CLI::IsMember({"bash"}));
    command->footer("Example:\n  source <(heed completion bash)\n");
    command->callback([&app, shell] { print_bash(app); });
}

}  // namespace heed::app
