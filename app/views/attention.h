// Attention as a heatmap and as lines: who looks at whom. Rows are queries, columns keys; one head
// or several together, weights or what they carry.
//
// Draws its own card into the whole of `rect`. Items: view/attention/cell[q,k] (positions; value:
// the unrounded number, of one head's weights the trace's own), row[q], column[k], title (says what
// the numbers are), subtitle, legend, caption, badge, the controls. A word of several pieces is
// called by its first position. Where the words are patches of a picture, the weights are painted
// over it as well: the items of app/views/picture.h.
#pragma once

#include "app/views/attention_data.h"
#include "app/views/matrix.h"
#include "app/views/picture.h"
#include "app/views/view.h"

namespace heed::app {

// What may stand in the title row and the row below it; the rest is in the menu.
enum class AttentionControl {
    kZoomOut,
    kZoomIn,
    kHeat,
    kLines,
    kPicture,
    kNumbers,
    kScale,
    kMerge,
    kHide,
    kMenu,
    kChoice,  // second row
    kKind,
    kHeads,      // chips of heads
    kOnly,       // "3 words only": shows all again
    kThreshold,  // slider of the lines
};
constexpr int kAttentionControls = static_cast<int>(AttentionControl::kThreshold) + 1;

struct AttentionLayout {
    Rect title;
    Rect subtitle;
    std::array<Rect, kAttentionControls> controls;  // empty where there is no room
    std::vector<Rect> chips;                        // of heads, in kHeads
    MatrixLayout matrix;                            // without rows where only lines are shown
    Rect caption;
    Rect badge;  // empty where nothing is hidden
    Rect legend;
    Rect lines;         // the whole lines view; empty without one
    Rect line_queries;  // its labels at the left
    Rect line_keys;     // and at the right
    float line_pitch = 0;
    float line_gap = 0;  // the gap that belongs to the pitch
    int line_step = 1;   // every how many lines are labelled
    Type line_type = Type::kBody;
    float line_content = 0;  // height of all lines; scrolls where it is more than the bands'
    PictureLayout picture;   // empty without one

    const Rect& control(AttentionControl c) const { return controls[static_cast<std::size_t>(c)]; }
    Rect& control(AttentionControl c) { return controls[static_cast<std::size_t>(c)]; }
};

struct AttentionRequest {
    Rect inside;  // of the card
    const MatrixAxis& queries;
    const MatrixAxis& keys;
    AttentionParts parts = AttentionParts::kBoth;
    float zoom = 1;
    std::string widest_number = ".00";
    bool has_badge = false;
    bool has_only = false;
    int chips = 0;  // heads with a chip
    std::string title{};
    bool has_picture = false;                 // the words are patches of one
    const PictureRequest* picture = nullptr;  // set where it is to be shown
};

AttentionLayout layout_attention(const UiContext& ui, const AttentionRequest& request);

ViewResult draw_attention_view(const Trace& trace, const Selection& selection, const Rect& rect,
                               AttentionViewState& state, UiContext& ui);

// What the header and the row below it say.
struct AttentionHeader {
    std::string title;
    std::string short_title;  // where that has no room
    std::string subtitle;
    int heads = 0;
    const PatternRequest& request;
    bool can_roll_out = true;
    bool is_loading = false;
    std::span<const TokenLabel> words{};  // that can be hidden; none where they have no names
    bool has_picture = false;
};
void draw_attention_controls(UiContext& ui, const AttentionHeader& header,
                             const AttentionLayout& layout, AttentionViewState& state,
                             ViewResult& result);

}  // namespace heed::app
