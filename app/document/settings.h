// What heed keeps between two starts of the window: settings.json in the XDG configuration folder.
// Scenarios neither read nor write it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace heed::app {

struct Settings {
    std::string theme = "light";       // "light" or "dark"
    double scale = 1;                  // of the text, 1 to 3
    std::optional<std::string> model;  // name or path
    std::optional<std::string> text;   // the sentence
    int width = 1600;                  // of the window, pixels
    int height = 1000;

    bool operator==(const Settings&) const = default;
};

// $XDG_CONFIG_HOME/heed/settings.json, else ~/.config/heed/settings.json.
std::filesystem::path settings_path();

// Reads the text of a settings file; `where` (a path) begins every message. Absent fields have
// their defaults, unknown ones are left alone. Throws Error.
Settings parse_settings(std::string_view text, std::string_view where);

// The settings of `path`; defaults where there is no file. Throws Error for one that cannot be
// used; it is then kept beside itself as settings.json.bad, so that saving does not lose it.
Settings load_settings(const std::filesystem::path& path);

// Writes `settings` so that a crash leaves the old file or the new one. Throws Error.
void save_settings(const Settings& settings, const std::filesystem::path& path);

}  // namespace heed::app
