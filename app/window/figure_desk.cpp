#include "app/window/figure_desk.h"

#include <imgui.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <utility>

#include "core/base/error.h"
#include "core/format/atomic_file.h"

namespace heed::app {

namespace {

constexpr std::array<std::string_view, 3> kColourWords{"screen", "light", "dark"};
constexpr std::array<std::string_view, 3> kGroundWords{"surface", "white", "none"};
constexpr float kWidth = 900;  // design pixels, of a view that is not on the screen
constexpr float kHeight = 700;

// Only what is safe in a file's name everywhere.
std::string plain_name(std::string_view text) {
    std::string name;
    for (const char c : text) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '.' || c == '_';
        if (is_plain) {
            name += c;
        } else if (!name.empty() && name.back() != '-') {
            name += '-';
        }
    }
    while (!name.empty() && name.back() == '-') name.pop_back();
    return name;
}

// The folder that user-dirs.dirs names, "" where it names none: XDG_PICTURES_DIR="$HOME/Bilder"
std::filesystem::path read_user_folder(const std::filesystem::path& home) {
    const char* config = std::getenv("XDG_CONFIG_HOME");
    const std::filesystem::path folder =
        config != nullptr && *config != '\0' ? std::filesystem::path(config) : home / ".config";
    std::ifstream file(folder / "user-dirs.dirs");
    constexpr std::string_view kKey = "XDG_PICTURES_DIR=\"";
    constexpr std::string_view kHome = "$HOME/";
    for (std::string line; std::getline(file, line);) {
        if (line.compare(0, kKey.size(), kKey) != 0) continue;
        std::string value = line.substr(kKey.size());
        value = value.substr(0, value.find('"'));
        if (value.compare(0, kHome.size(), kHome) == 0) return home / value.substr(kHome.size());
        return value;
    }
    return {};
}

std::string count_text(const NumberTable& table) {
    return std::to_string(table.row_labels.size()) + " x " +
           std::to_string(table.column_labels.size()) + " numbers";
}

}  // namespace

void FigureOptions::visit(OptionVisitor& v) {
    visit_choice(v, "colours", "Colours of saved pictures", colours, kColourWords);
    visit_choice(v, "ground", "Ground of saved pictures", ground, kGroundWords);
    v.number("enlarge", "How much larger a saved PNG is", enlarge, 1, 4);
}

void FigureDesk::note_frame(const Theme& theme, float scale, std::vector<ShownView> shown) {
    theme_ = theme;
    scale_ = scale;
    shown_ = std::move(shown);
}

const ViewEntry& FigureDesk::view_of(const std::string& id) const {
    const ViewEntry* view = id.empty() && !shown_.empty()
                                ? find_view_of_figure("view/" + shown_.front().view)
                                : find_view_of_figure(id);
    if (view == nullptr) {
        throw Error("figure", "", "a figure's name, such as view/attention/heatmap", in_quotes(id));
    }
    return *view;
}

FigurePage FigureDesk::page_of(const ViewEntry& view) {
    FigurePage page;
    page.scale = scale_;
    page.width = kWidth * scale_;
    page.height = kHeight * scale_;
    for (const ShownView& shown : shown_) {
        if (shown.view != view.name || shown.rect.is_empty()) continue;
        page.width = shown.rect.w;
        page.height = shown.rect.h;
        page.scrolls = &scrolls_;
    }
    page.theme = theme_;
    if (options.colours == FigureOptions::Colours::kLight) page.theme = theme_of(ThemeKind::kLight);
    if (options.colours == FigureOptions::Colours::kDark) page.theme = theme_of(ThemeKind::kDark);
    page.jobs = &jobs_;
    return page;
}

MadeFigure FigureDesk::make(const std::string& id, bool wants_numbers) {
    if (document_.trace() == nullptr) throw Error("figure", "there is no picture yet");
    const ViewEntry& view = view_of(id);
    if (studio_ == nullptr) studio_ = std::make_unique<FigureStudio>();
    FigureWish wish;
    wish.id = id;
    wish.wants_numbers = wants_numbers;
    wish.ground = options.ground;
    return studio_->make(document_, view, page_of(view), wish);
}

std::string FigureDesk::save(const std::filesystem::path& path, const std::string& id) {
    const FigureFormat format = require_figure_format(path);
    const MadeFigure made = make(id, is_table(format));
    std::string what = made.figure.title;
    if (is_table(format)) {
        write_file_atomically(path, encode_table(made.numbers, format));
        what = count_text(made.numbers);
    } else {
        write_file_atomically(
            path, encode_figure(made.figure, format, static_cast<float>(options.enlarge)));
    }
    return "Saved " + what + " to " + std::filesystem::absolute(path).string();
}

std::string FigureDesk::copy_picture(const std::string& id) {
    const MadeFigure made = make(id, false);
    const std::string svg = encode_figure(made.figure, FigureFormat::kSvg, 1);
    if (clipboard_ == nullptr) {
        ImGui::SetClipboardText(svg.c_str());
        return "Copied " + made.figure.title +
               " as SVG text: this system's clipboard takes no pictures";
    }
    clipboard_->offer({{"image/png", encode_figure(made.figure, FigureFormat::kPng,
                                                   static_cast<float>(options.enlarge))},
                       {"image/svg+xml", svg}});
    return "Copied " + made.figure.title + " as a picture";
}

std::string FigureDesk::copy_numbers(const std::string& id) {
    const MadeFigure made = make(id, true);
    ImGui::SetClipboardText(encode_table(made.numbers, FigureFormat::kCsv).c_str());
    return "Copied " + count_text(made.numbers);
}

std::string FigureDesk::suggest_name(const std::string& id, FigureFormat format) const {
    const std::string_view view = view_of(id).name;
    std::string name = "heed";
    const std::string model =
        document_.trace() == nullptr ? "" : plain_name(document_.trace()->inputs().model);
    if (!model.empty()) name += "-" + model;
    name += "-" + std::string(view);
    const std::string part = plain_name(id.substr(std::min(id.size(), 6 + view.size())));
    if (!part.empty()) name += "-" + part;
    if (document_.trace() != nullptr && !document_.trace()->graph().attentions().empty()) {
        name += "-L" + std::to_string(document_.selection().layer) + "H" +
                std::to_string(document_.selection().head);
    }
    return name + "." + std::string(ending_of(format));
}

std::filesystem::path FigureDesk::suggest_folder() {
    const char* home = std::getenv("HOME");
    if (home == nullptr || *home == '\0') return std::filesystem::current_path();
    std::error_code failure;
    for (const std::filesystem::path& folder :
         {read_user_folder(home), std::filesystem::path(home) / "Pictures"}) {
        if (!folder.empty() && std::filesystem::is_directory(folder, failure)) return folder;
    }
    return home;
}

}  // namespace heed::app
