// What a person does with the pictures of the window: save or copy one, save or copy its numbers.
// It looks like on the screen unless options say otherwise, without the mouse's marks.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/figure/figure_file.h"
#include "app/ui/menu.h"
#include "app/ui/option_visitor.h"
#include "app/window/figure_studio.h"
#include "app/window/picture_clipboard.h"

namespace heed::app {

struct FigureOptions {
    enum class Colours { kScreen, kLight, kDark };

    Colours colours = Colours::kScreen;
    FigureGround ground = FigureGround::kSurface;
    int enlarge = 2;  // of a PNG

    void visit(OptionVisitor& v);
    bool operator==(const FigureOptions&) const = default;
};

class FigureDesk {
  public:
    FigureDesk(Document& document, JobStore& jobs) : document_(document), jobs_(jobs) {}

    // Told once a frame, before anything is saved in it.
    void note_frame(const Theme& theme, float scale, std::vector<ShownView> shown);
    // Where what scrolls stands; kept by the frame.
    std::map<std::string, Point, std::less<>>& scrolls() { return scrolls_; }
    void set_clipboard(std::unique_ptr<PictureClipboard> clipboard) {
        clipboard_ = std::move(clipboard);
    }

    // `id` is a figure's; empty: the first of the first view shown. The file's ending says which
    // form; folders that are missing are an Error, as is a file that cannot be written. Each
    // returns a sentence for the status line.
    std::string save(const std::filesystem::path& path, const std::string& id);
    // Offers PNG and SVG where the clipboard takes pictures; else SVG as text.
    std::string copy_picture(const std::string& id);
    std::string copy_numbers(const std::string& id);  // CSV, as text

    // A name for a file: "heed-words-attention-L5H11.svg".
    std::string suggest_name(const std::string& id, FigureFormat format) const;
    // The folder for pictures (XDG), else the home folder.
    static std::filesystem::path suggest_folder();

    FigureOptions options;

  private:
    MadeFigure make(const std::string& id, bool wants_numbers);
    const ViewEntry& view_of(const std::string& id) const;
    FigurePage page_of(const ViewEntry& view);

    Document& document_;
    JobStore& jobs_;
    std::unique_ptr<PictureClipboard> clipboard_;
    std::unique_ptr<FigureStudio> studio_;  // made when it is first needed
    Theme theme_;
    float scale_ = 1;
    std::vector<ShownView> shown_;
    std::map<std::string, Point, std::less<>> scrolls_;
};

// What a menu offers for the figure `id`.
std::vector<MenuEntry> list_figure_entries(const std::string& id, bool has_numbers);

}  // namespace heed::app
