// All layers x heads as thumbnails out of one texture: by layer, sorted by what they do, or in
// groups that do alike. Draws its own card into the whole of `rect`.
//
// Items: view/heads/head[L,H] (with the shown metric as value; where there are several kinds of
// attentions view/heads/cross/head[L,H], by the word of each), title, facts (of the head under
// the mouse, else the chosen one), group[i], legend, strongest[i] (where the word that looks looks
// hardest in any head), head[L,H]/label (what the atlas beside the model calls it by); beside them
// or in the tooltip the larger picture view/heads/preview/* and the table view/heads/metric/<name>.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/ui/figures.h"
#include "app/views/heads_data.h"
#include "app/views/heads_order.h"
#include "app/views/view.h"
#include "core/analysis/atlas.h"

namespace heed::app {

struct HeadsRequest {
    Rect inside;     // of the card
    int layers = 0;  // rows, where the heads are a grid
    int last_layer = 0;
    int columns = 0;  // of the grid: most heads of a layer
    int count = 0;    // heads
    bool is_grid = true;
    std::vector<int> groups;      // places in each; of a grid, whole rows
    bool has_metric = false;      // a number at every head
    float widest_name = 0;        // "11.11", pixels
    float widest_label = 0;       // of what a head is called by; 0: none is
    float widest_told = 0;        // the same with its number
    float widest_group = 0;       // caption of a grid's groups ("decoder"), pixels
    std::vector<float> controls;  // wanted widths, the most important first
};

struct HeadsLayout {
    Rect title;
    std::vector<Rect> controls;  // as many as have room
    Rect column_labels;          // numbers of the heads; empty where the heads are no grid
    Rect row_labels;             // numbers of the layers
    Rect grid;
    std::vector<Rect> slots;         // the thumbnails, in the order they are shown
    std::vector<Rect> bands;         // captions of the groups
    bool has_narrow_bands = false;   // only a number fits, at the side
    bool has_side_captions = false;  // with has_narrow_bands: the caption fits there
    int columns = 0;
    float side = 0;   // of a thumbnail
    float pitch = 0;  // from one to the next, along a row
    float row_pitch = 0;
    float bar_h = 0;         // under each: the metric's bar
    float caption_h = 0;     // and its text
    bool has_names = false;  // "3.2" in the captions
    bool has_values = false;
    bool has_labels = false;        // what a head is called by
    bool has_label_values = false;  // with its number
    int label_step = 1;
    Rect facts;  // empty where there is no room, as are all below
    Rect legend;
    Rect strongest;
    Rect preview;

    // What belongs to a thumbnail: the gap after it too, so that no place is between two.
    Rect reach(int place) const;
};
HeadsLayout layout_heads(const UiContext& ui, const HeadsRequest& request);

// What belongs to one frame: the trace's heads and as much of them as is made.
struct HeadsScene {
    const Trace& trace;
    const Selection& selection;
    const HeadList& list;
    std::shared_ptr<const HeadsData> data;  // null until it is made, as are the others
    std::shared_ptr<const HeadsSheet> sheet;
    std::shared_ptr<const HeadsClusters> clusters;
    std::shared_ptr<const StrongestHeads> strongest;
    HeadsViewState& state;
    UiContext& ui;
    // The sheet's picture where the device painted it; the sheet has no texels then.
    std::optional<Picture> painted{};
};

// What the atlas beside the model calls a head by, the strongest first; empty without one.
std::vector<HeadLabel> labels_of(const HeadsScene& scene, const HeadPlace& place);
// "previous token 0.94"
std::string label_text(const HeadLabel& label);

// The trace as jobs hold it.
std::shared_ptr<const Trace> hold_trace(const Trace& trace, const UiContext& ui);
// How the numbers of all heads become colours.
ColourScale heads_scale(const HeadsScene& scene);

// One frame with its layout.
struct HeadsGrid {
    const HeadsScene& scene;
    const HeadsLayout& layout;
    const HeadsArrangement& arrangement;
    Picture picture;  // of the sheet; without texture while it is made

    // The slot of the `i`th head in order.
    int slot(int i) const {
        if (!arrangement.is_grid) return i;
        const HeadPlace& place =
            scene.list
                .heads[static_cast<std::size_t>(arrangement.order[static_cast<std::size_t>(i)])];
        return scene.list.row_of(place) * scene.list.most_heads + place.head;
    }
};
// Has the device paint a sheet that has no texels; nothing where it has not got the numbers.
std::optional<Picture> paint_sheet_on_device(const HeadsScene& scene, const HeadsSheet& sheet);
// The sheet with the colours of heads_scale; without texture while it is made.
Picture paint_heads_sheet(const HeadsScene& scene);
// Draws all heads; the one under the mouse as a place in the order, -1 where none is.
int draw_heads_grid(const HeadsGrid& grid, ViewResult& result);
// The heads in which the chosen query looks hardest, as many buttons as `line` holds: one goes
// there.
void draw_strongest(const HeadsScene& scene, const Rect& line, ViewResult& result);
struct PreviewLayout {
    Rect title;
    Rect picture;
    Rect rows;  // of the metrics
    float row_h = 0;
};
PreviewLayout layout_preview(const UiContext& ui, const Rect& rect);
// The larger picture of a head with all its metrics.
void draw_preview(const HeadsScene& scene, const HeadPlace& place, const Rect& rect,
                  ViewResult& result);
// The same in a tooltip beside `anchor`.
void draw_preview_tip(const HeadsScene& scene, const HeadPlace& place, const Rect& anchor);

ViewResult draw_heads_view(const Trace& trace, const Selection& selection, const Rect& rect,
                           HeadsViewState& state, UiContext& ui);

}  // namespace heed::app
