#include "app/views/attention_picture.h"

#include <algorithm>
#include <cmath>

namespace heed::app {

namespace {

// From 0 (or from the negative side) to the largest magnitude among the patches: the others, as a
// class token, would often outweigh them all.
ColourScale fit_scale(const AttentionData& data, const std::vector<int>& patch_of,
                      const std::vector<PaintedPosition>& positions, ValueScale wanted) {
    std::vector<float> magnitudes;
    for (std::size_t i = 0; i < positions.size(); ++i) {
        if (patch_of[i] >= 0 && positions[i].is_shown) {
            magnitudes.push_back(std::abs(positions[i].value));
        }
    }
    ColourScale scale;
    scale.kind = data.scales.all.kind;
    scale.scale = wanted;
    const auto largest = std::max_element(magnitudes.begin(), magnitudes.end());
    if (largest != magnitudes.end() && *largest > 0) scale.high = *largest;
    if (wanted == ValueScale::kQuantile) {
        const auto quantiles = std::make_shared<const Quantiles>(std::move(magnitudes));
        if (!quantiles->is_empty()) scale.quantiles = quantiles;
    }
    return scale;
}

}  // namespace

std::shared_ptr<const PatchedPicture> get_attention_picture(const Trace& trace,
                                                            const AttentionSite& site,
                                                            AttentionViewState& state,
                                                            const UiContext& ui) {
    const std::uint64_t version =
        ui.trace_number * 4096 + static_cast<std::uint64_t>(site.key_sequence) + 1;
    if (state.picture_version != version) {
        state.picture_version = version;
        state.picture.reset();
        PatchMap patches = map_patches(trace.labels(site.key_sequence));
        if (!patches.is_empty()) {
            state.picture = std::make_shared<const PatchedPicture>(
                cut_picture(std::move(patches), trace.inputs().picture));
        }
    }
    return state.picture;
}

std::vector<std::string> list_picture_tokens(const Trace& trace, const AttentionSite& site,
                                             const PatchedPicture& picture) {
    std::vector<std::string> texts;
    const std::vector<int>& patch_of = picture.patches.patch_of;
    for (std::size_t i = 0; i < patch_of.size(); ++i) {
        if (patch_of[i] >= 0) continue;
        texts.push_back(token_text(trace, site.key_sequence, static_cast<int>(i)));
    }
    return texts;
}

CellIndex AttentionPainting::cell(const AttentionData& data, int position) const {
    if (is_column) return {find_group(data.shown.rows, position), line};
    return {line, find_group(data.shown.columns, position)};
}

AttentionPainting make_painting(const Trace& trace, const AttentionSite& site,
                                const AttentionData& data, const PatchedPicture& picture,
                                CellIndex at, CellIndex preview, const AttentionViewState& state) {
    AttentionPainting painting;
    // Who looks at a key can be painted where the queries are the same patches.
    const bool has_one_sequence = site.query_sequence == site.key_sequence;
    painting.is_column =
        state.lock == AttentionLock::kColumn && has_one_sequence && preview.row < 0;
    painting.line = painting.is_column ? (preview.column >= 0 ? preview.column : at.column)
                                       : (preview.row >= 0 ? preview.row : at.row);
    const std::vector<int>& patch_of = picture.patches.patch_of;
    painting.positions.resize(patch_of.size());
    for (std::size_t i = 0; i < patch_of.size(); ++i) {
        if (patch_of[i] < 0) painting.tokens.push_back(static_cast<int>(i));
    }
    painting.token_texts = list_picture_tokens(trace, site, picture);
    // Where the chosen word is hidden nothing is painted.
    if (painting.line < 0) {
        painting.title = "the chosen word is hidden";
        return painting;
    }
    const MatrixAxis axis = painting.is_column ? data.columns() : data.rows();
    std::string name = axis.label(painting.line);
    if (parse_patch_label(name) && !name.starts_with("patch")) name.insert(0, "patch ");
    painting.title = painting.is_column ? "who looks at " + name : "what " + name + " looks at";
    const std::vector<TokenGroup>& groups =
        painting.is_column ? data.shown.rows : data.shown.columns;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const int row = painting.is_column ? static_cast<int>(i) : painting.line;
        const int column = painting.is_column ? painting.line : static_cast<int>(i);
        for (const int position : groups[i].positions) {
            painting.positions[static_cast<std::size_t>(position)] = {data.values->at(row, column),
                                                                      true};
        }
    }
    painting.scale = fit_scale(data, patch_of, painting.positions, state.options.scale);
    return painting;
}

}  // namespace heed::app
