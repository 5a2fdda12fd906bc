// Where figures are made: a view is drawn once more, alone and without a mouse, into memory; what
// it drew becomes a figure and its numbers a table. Needs no window and no OpenGL.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/document/document.h"
#include "app/figure/figure.h"
#include "app/window/view_table.h"

struct ImGuiContext;

namespace heed::app {

// How the view is drawn.
struct FigurePage {
    float width = 900;  // pixels
    float height = 700;
    float scale = 1;  // pixels for one of the design
    Theme theme = theme_of(ThemeKind::kLight);
    // What the window has at hand: results of jobs and where its areas stand. May be null.
    JobStore* jobs = nullptr;
    std::map<std::string, Point, std::less<>>* scrolls = nullptr;
};

enum class FigureGround { kSurface, kWhite, kNone };

struct FigureWish {
    std::string id;  // of the figure; empty: the first of the view (for numbers: that has some)
    bool wants_numbers = false;
    bool has_title = true;
    FigureGround ground = FigureGround::kSurface;
};

struct MadeFigure {
    std::string id;
    Figure figure;
    NumberTable numbers;  // where they were wanted
};

struct ListedFigure {
    std::string id;
    std::string title;
    bool has_numbers = false;
    Rect rect;  // on the page
};

class FigureStudio {
  public:
    FigureStudio();
    ~FigureStudio();
    FigureStudio(const FigureStudio&) = delete;
    FigureStudio& operator=(const FigureStudio&) = delete;

    // Every figure of the view, in the order of drawing; the whole view is the last. The document
    // has a trace and is afterwards as it was before.
    std::vector<ListedFigure> list(Document& document, const ViewEntry& view,
                                   const FigurePage& page);
    // Throws Error where the view has no such figure (naming those that it has), or the figure no
    // numbers.
    MadeFigure make(Document& document, const ViewEntry& view, const FigurePage& page,
                    const FigureWish& wish);

  private:
    class Sitting;

    ImGuiContext* context_ = nullptr;
    Fonts fonts_;
    Actions actions_;
};

// The view that a figure belongs to: "view/attention/heatmap" is the attention's; nullptr for
// another id.
const ViewEntry* find_view_of_figure(std::string_view id);

}  // namespace heed::app
