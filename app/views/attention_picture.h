// What the attention view paints over a picture: the weights of one position, looking or looked at.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/views/attention.h"
#include "app/views/attention_lines.h"

namespace heed::app {

// The picture of the site's keys; null where they are no patches. Kept in `state`.
std::shared_ptr<const PatchedPicture> get_attention_picture(const Trace& trace,
                                                            const AttentionSite& site,
                                                            AttentionViewState& state,
                                                            const UiContext& ui);

// One row (or column) of what is shown, as it is painted.
struct AttentionPainting {
    bool is_column = false;  // who looks at it, instead of whom it looks at
    int line = 0;            // the row, or the column
    std::vector<PaintedPosition> positions;
    std::vector<int> tokens;  // positions that are no patches
    std::vector<std::string> token_texts;
    ColourScale scale;  // its own: up to the largest weight among the patches
    std::string title;

    // The cell of what is shown that a position stands for.
    CellIndex cell(const AttentionData& data, int position) const;
};

// `at` is what is chosen; the row (>= 0) or column of `preview` comes before it.
AttentionPainting make_painting(const Trace& trace, const AttentionSite& site,
                                const AttentionData& data, const PatchedPicture& picture,
                                CellIndex at, CellIndex preview, const AttentionViewState& state);

// The chips above the picture.
std::vector<std::string> list_picture_tokens(const Trace& trace, const AttentionSite& site,
                                             const PatchedPicture& picture);

}  // namespace heed::app
