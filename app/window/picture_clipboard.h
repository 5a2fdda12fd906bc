// The clipboard for more than text: a picture in several forms, one of which another program takes.
// GLFW knows text alone.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace heed::app {

struct ClipboardForm {
    std::string type;  // "image/png"
    std::string bytes;
};

class PictureClipboard {
  public:
    virtual ~PictureClipboard() = default;
    // Offers these from now on, until something else is copied anywhere or this is destroyed.
    virtual void offer(std::vector<ClipboardForm> forms) = 0;
};

// Owns the selection of the X server with a connection and a thread of its own; nullptr where no X
// server answers.
std::unique_ptr<PictureClipboard> make_x11_clipboard();

}  // namespace heed::app
