// What the tests of the views stand on: ImGui with heed's fonts but without a window, pictures kept
// in memory, a mouse, and traces of any length.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/document/selection.h"
#include "app/ui/drawing.h"
#include "app/ui/figures.h"
#include "app/ui/ui_context.h"
#include "app/views/view.h"

struct ImGuiContext;

namespace heed::app::test {

// Keeps what was painted.
class MemoryPictures : public PictureStore {
  public:
    struct Painted {
        std::uint64_t version = 0;
        int width = 0;
        int height = 0;
        std::vector<std::uint32_t> texels;
    };

    Picture get(std::string_view id, std::uint64_t version, int width, int height,
                const Paint& paint) override;
    std::optional<Picture> find(std::string_view id, std::uint64_t version, int width,
                                int height) override;
    int max_side() const override { return 4096; }

    std::map<std::string, Painted, std::less<>> pictures;
    int painted = 0;  // how often
};

// Does every job at once, in the frame that asks for it.
class InlineJobs : public JobStore {
  public:
    JobState ask(std::string_view id, std::uint64_t version, const Work& work) override;

  private:
    std::map<std::string, std::pair<std::uint64_t, JobState>, std::less<>> done_;
};

// A screen of `width` x `height` pixels.
class Screen {
  public:
    Screen(float width, float height, float scale);
    ~Screen();
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    using Draw = std::function<ViewResult(UiContext& ui)>;
    // Draws one frame, noting its items.
    ViewResult frame(const Draw& draw);
    // The same without noting; for measuring.
    ViewResult quick_frame(const Draw& draw);
    // The shortest of `frames` frames drawn without noting, milliseconds; for telling, not for
    // checks.
    double measure_ms(const Draw& draw, int frames);
    // Moves to the middle of an item of the last frame and presses there; what the view asked for.
    // The item must be there and in sight.
    ViewResult click(const Draw& draw, std::string_view item, int button = 0);
    void hover(std::string_view item);
    void wheel(float steps);

    Rect area() const { return {0, 0, width_, height_}; }
    float scale() const { return scale_; }
    const ItemLog& items() const { return items_; }
    const Item& item(std::string_view id) const;  // must be there

    MemoryPictures pictures;
    InlineJobs jobs;
    std::shared_ptr<const Atlas> atlas;        // what is known of the heads; null as above
    std::shared_ptr<const Trace> trace;        // what jobs may capture; null unless a test sets it
    std::shared_ptr<const Trace> other_trace;  // the same
    std::vector<FigureArea> figures;           // of the last recorded frame
    Drawing drawing;                           // of the last recorded frame
    std::uint64_t trace_number = 1;
    double now_s = 0;
    std::u32string typed;  // for one frame
    ThemeKind theme = ThemeKind::kLight;

  private:
    ViewResult draw_frame(const Draw& draw, bool record);

    float width_;
    float height_;
    float scale_;
    ImGuiContext* context_ = nullptr;
    Fonts fonts_;
    Actions actions_;
    ItemLog items_;
    HoverClock hover_;
    ControlState controls_;
};

// Words "w0", "w1", ...
std::vector<std::string> make_words(int count);

struct TraceRequest {
    std::vector<std::string> words;
    int heads = 2;
    bool is_causal = false;
    bool is_lean = false;  // holds as little as possible: [H,T,S] nodes are derived
    std::shared_ptr<const Image> picture{};
};
// One block of attention over these words, with weights: everything can be explained.
std::shared_ptr<const Trace> make_trace(const TraceRequest& request);

// A text run by a shipped model, every node kept.
std::shared_ptr<const Trace> run_shipped(const std::string& text, const char* name);

// Every item whose id begins with `prefix` lies within `panel` where it is in sight.
void check_items_inside(const Screen& screen, std::string_view prefix, const Rect& panel);
// No two of the rectangles share a pixel.
void check_apart(const std::vector<std::pair<std::string, Rect>>& rects);

}  // namespace heed::app::test
