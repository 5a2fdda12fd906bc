// What heed keeps between two starts of the window, in two files. settings.json in the XDG
// configuration folder: the options (look, panels, views) that a person has set otherwise than they
// come, by the names of the action `set`. session.json in the XDG state folder: model, sentences,
// selection, where the window was, and what the palette ran last. Scenarios neither read nor write
// them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/document/person_state.h"

namespace heed::app {

constexpr int kSmallestSide = 320;
constexpr int kLargestSide = 16384;

// In the units of the window system.
struct WindowPlace {
    std::optional<int> x;  // of the content's top left corner; absent: wherever the system likes
    std::optional<int> y;
    int width = 1600;
    int height = 1000;
    bool is_maximised = false;

    bool operator==(const WindowPlace&) const = default;
};

struct Session {
    DocumentInputs inputs;
    Selection selection;
    std::optional<WindowPlace> window;  // absent before the first start
    std::vector<std::string> recent;    // titles of what the palette ran, the latest first
    std::string folder{};               // where files were opened last; empty before the first time

    bool operator==(const Session&) const = default;
};

// $XDG_CONFIG_HOME/heed/settings.json, else ~/.config/heed/settings.json.
std::filesystem::path settings_path();
// $XDG_STATE_HOME/heed/session.json, else ~/.local/state/heed/session.json.
std::filesystem::path session_path();

// Reads the text of a file; `where` (a path) begins every message. Absent fields have their
// defaults, unknown ones are left alone. What an option may be is known to set_option alone.
// Throws Error.
std::vector<OptionValue> parse_settings(std::string_view text, std::string_view where);
Session parse_session(std::string_view text, std::string_view where);
// The text of a file that reads back as the same (bytes that are no UTF-8 become U+FFFD).
std::string write_settings(const std::vector<OptionValue>& options);
std::string write_session(const Session& session);

// What the file holds; defaults where there is no file. Throws Error for one that cannot be used;
// it is then kept beside itself (keep_aside).
std::vector<OptionValue> load_settings(const std::filesystem::path& path);
Session load_session(const std::filesystem::path& path);
// Renames a file that cannot be used to "<path>.bad", so that saving does not lose it.
void keep_aside(const std::filesystem::path& path);

// Writes `text` so that a crash leaves the old file or the new one, making the folder where there
// is none. Throws Error.
void save_kept_file(const std::filesystem::path& path, std::string_view text);

}  // namespace heed::app
