// `heed snapshot SCENARIO`: the real program, offscreen.
#include "app/cli/command.h"
#include "app/window/run.h"

namespace heed::app {

void add_snapshot_command(CLI::App& app, int& status) {
    CLI::App* command =
        app.add_subcommand("snapshot", "Run the program offscreen through a scenario");
    auto options = std::make_shared<SnapshotOptions>();
    command->add_option("SCENARIO", options->scenario, "A text file, one step a line")
        ->required()
        ->type_name("FILE");
    command->add_option("-o,--out", options->out, "Save the last picture here")->type_name("PNG");
    command->add_option("--backend", options->backend, "auto, cpu or gl ($HEED_BACKEND, else cpu)");
    add_json_option(*command, options->json);
    command->footer("Example:\n  heed snapshot docs/first.scenario -o first.png\n");
    command->callback([options, &status] { status = run_snapshot(*options); });
}

}  // namespace heed::app
