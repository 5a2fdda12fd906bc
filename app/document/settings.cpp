#include "app/document/settings.h"

#include <fmt/format.h>

#include <cstdlib>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/format/atomic_file.h"
#include "core/format/json.h"
#include "core/format/mapped_file.h"

namespace heed::app {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
constexpr int kSmallestSide = 320;
constexpr int kLargestSide = 16384;

}  // namespace

std::filesystem::path settings_path() {
    const auto folder = [](const char* name) -> std::filesystem::path {
        const char* value = std::getenv(name);
        return value != nullptr ? value : "";
    };
    std::filesystem::path base = folder("XDG_CONFIG_HOME");
    if (!base.is_absolute()) base = folder("HOME") / ".config";
    return base / "heed" / "settings.json";
}

Settings parse_settings(std::string_view text, std::string_view where) {
    const Json json = parse_json(text, where);
    const JsonReader reader(json, std::string(where));
    Settings settings;
    settings.theme = reader.get_string("theme", settings.theme);
    if (settings.theme != "light" && settings.theme != "dark") {
        reader.fail("theme", "light or dark", json.find("theme"));
    }
    settings.scale = reader.get_number("scale", settings.scale);
    if (!(settings.scale >= 1 && settings.scale <= 3)) {
        reader.fail("scale", "a number from 1 to 3", json.find("scale"));
    }
    if (reader.has("model")) settings.model = reader.get_string("model", std::nullopt);
    if (reader.has("text")) settings.text = reader.get_string("text", std::nullopt);
    settings.width =
        static_cast<int>(reader.get_int("width", settings.width, kSmallestSide, kLargestSide));
    settings.height =
        static_cast<int>(reader.get_int("height", settings.height, kSmallestSide, kLargestSide));
    return settings;
}

Settings load_settings(const std::filesystem::path& path) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return {};
    try {
        return parse_settings(read_text_file(path, kMaxBytes), path.string());
    } catch (const Error&) {
        std::filesystem::path aside = path;
        aside += ".bad";
        std::filesystem::rename(path, aside, ignored);
        throw;
    }
}

void save_settings(const Settings& settings, const std::filesystem::path& path) {
    std::error_code failure;
    std::filesystem::create_directories(path.parent_path(), failure);
    std::string text = "{\n";
    text += fmt::format("  \"theme\": {},\n", quote_json(settings.theme));
    text += fmt::format("  \"scale\": {},\n", settings.scale);
    if (settings.model) {
        text +=
            fmt::format("  \"model\": {},\n", quote_json(replace_invalid_utf8(*settings.model)));
    }
    if (settings.text) {
        text += fmt::format("  \"text\": {},\n", quote_json(replace_invalid_utf8(*settings.text)));
    }
    text +=
        fmt::format("  \"width\": {},\n  \"height\": {}\n}}\n", settings.width, settings.height);
    write_file_atomically(path, text);
}

}  // namespace heed::app
