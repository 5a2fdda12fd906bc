#include "core/analysis/pattern_context.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>

#include "core/tokenizer/unicode.h"

namespace heed {

namespace {

// Equal numbers for equal tokens: pieces where there are labels, else the ids that were given.
std::vector<int> number_tokens(const Trace& trace, int sequence, int length) {
    std::vector<int> numbers;
    const std::span<const TokenLabel> labels = trace.labels(sequence);
    if (static_cast<int>(labels.size()) == length) {
        std::unordered_map<std::string, int> known;
        for (const TokenLabel& label : labels) {
            const std::string& text = label.piece.empty() ? label.text : label.piece;
            const std::string key = text.empty() ? "#" + std::to_string(label.id) : text;
            numbers.push_back(known.try_emplace(key, static_cast<int>(known.size())).first->second);
        }
        return numbers;
    }
    const std::vector<GraphInput>& inputs = trace.graph().inputs();
    for (std::size_t i = 0; i < inputs.size() && i < trace.inputs().ids.size(); ++i) {
        const std::vector<int>& ids = trace.inputs().ids[i];
        if (inputs[i].sequence == sequence && static_cast<int>(ids.size()) == length) return ids;
    }
    return numbers;
}

// Whether a token is punctuation alone, as a person reads it.
bool is_mark(const TokenLabel& label) {
    bool has_one = false;
    for (std::size_t at = 0; at < label.text.size();) {
        const Utf8Char c = decode_character(label.text, at);
        at += static_cast<std::size_t>(c.length);
        if (is_white_space(c.code_point)) continue;
        if (!is_punctuation(c.code_point)) return false;
        has_one = true;
    }
    return has_one && !label.is_special;
}

// Whether the second key is kept from the first query.
bool is_causal_pattern(const Trace& trace, const AttentionSite& site, int length) {
    if (site.masked) {
        const Node& masked = trace.graph().node(*site.masked);
        if (masked.op == Op::kMask) {
            return masked.attributes.mask == MaskRule::kCausal &&
                   masked.attributes.mask_offset == 0;
        }
    }
    if (length < 2) return false;
    const Tile tile = trace.wait(*site.pattern, {0, 1, 0, length, 0, length});
    for (int t = 0; t < length; ++t) {
        const float* row = tile.row(0, t);
        for (int s = t + 1; s < length; ++s) {
            if (row[s] != 0) return false;
        }
    }
    return true;
}

}  // namespace

PatternContext find_pattern_context(const Trace& trace, const AttentionSite& site) {
    PatternContext context;
    const MatrixExtents extents = matrix_extents(trace.graph().node(*site.pattern).shape);
    context.is_self = site.query_sequence == site.key_sequence && extents.rows == extents.cols;
    context.is_causal = context.is_self && is_causal_pattern(trace, site, extents.rows);
    context.tokens = number_tokens(trace, site.key_sequence, extents.cols);
    const std::span<const TokenLabel> labels = trace.labels(site.key_sequence);
    const bool has_special = std::any_of(labels.begin(), labels.end(),
                                         [](const TokenLabel& label) { return label.is_special; });
    if (static_cast<int>(labels.size()) != extents.cols) return context;
    const bool has_marks = std::any_of(labels.begin(), labels.end(), is_mark);
    for (const TokenLabel& label : labels) {
        if (has_special) context.is_special.push_back(label.is_special);
        if (has_marks) context.is_mark.push_back(is_mark(label));
    }
    return context;
}

}  // namespace heed
