// What is kept between two starts: brought back at the beginning, written a second after the last
// change and at the end, never on the thread that draws.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/document/file_keeper.h"
#include "app/document/settings.h"
#include "app/window/program.h"
#include "app/window/run.h"

namespace heed::app {

struct Kept {
    std::vector<OptionValue> options{};
    Session session{};
    std::string problem{};  // why a file could not be used; it lies aside
};

// Both files; what cannot be read has its defaults.
Kept recall_kept();

// Sets up a new program: what was kept, and over it what the command line asks for. Throws Error
// for a model of the command line that is not there.
void prepare_document(Program& program, const WindowOptions& options, const Kept& kept);

class Keeping {
  public:
    // After each frame; returns the seconds until it wants to be called though nothing happens.
    double note(Program& program, const WindowPlace& place, double now_s);
    // Writes what is not written yet and waits for it.
    void finish(Program& program, const WindowPlace& place);

  private:
    void write(Program& program);

    FileKeeper files_;
    std::uint64_t version_ = 0;  // of what is written or due
    WindowPlace place_;
    RecentTitles recent_;
    bool is_first_ = true;
    bool is_due_ = false;
    double changed_s_ = 0;
    std::string settings_;  // as they were written last
    std::string session_;
};

}  // namespace heed::app
