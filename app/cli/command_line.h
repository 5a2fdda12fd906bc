// The command line: subcommands, and the window where none is named.
#pragma once

namespace heed::app {

// Runs heed for the arguments of main. Returns the exit status; bad input, wrong usage and missing
// OpenGL are reported here in one line, bugs are thrown.
int run_command_line(int argc, char** argv);

}  // namespace heed::app
