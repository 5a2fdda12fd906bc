#include "app/views/predict_facts.h"

#include <algorithm>
#include <cctype>

#include "app/views/axes.h"
#include "core/base/check.h"

namespace heed::app {

namespace {

std::size_t at(int i) {
    return static_cast<std::size_t>(i);
}

const Axis& word_axis(const Trace& trace, NodeId logits) {
    return trace.graph().node(logits).shape.axis(-1);
}

// One row of a node, all columns; row 0 where it has one row only.
Tile read_row(const Trace& trace, NodeId node, int position) {
    const MatrixExtents extents = matrix_extents(trace.graph().node(node).shape);
    const int row = std::clamp(position, 0, extents.rows - 1);
    return trace.wait(node, {0, 1, row, row + 1, 0, extents.cols});
}

std::span<const float> row_of(const Tile& tile) {
    return {tile.row(0, tile.box().row_begin), at(tile.box().cols())};
}

Prediction make_prediction(const Trace& trace, const Predictor& predictor, int position,
                           std::vector<RankedEntry> entries) {
    Prediction made;
    made.words = word_axis(trace, predictor.logits).extent;
    for (const RankedEntry& entry : entries) {
        made.names.push_back(entry_text(trace, word_axis(trace, predictor.logits), entry.id));
    }
    if (predictor.probs) {
        const Tile tile = read_row(trace, *predictor.probs, position);
        for (const RankedEntry& entry : entries) {
            made.probabilities.push_back(row_of(tile)[at(entry.id)]);
        }
    }
    made.entries = std::move(entries);
    return made;
}

// Small letters, without the marks of spaces.
std::string fold(const std::string& text) {
    constexpr std::string_view kSpaceMark = "\u2423";
    std::string folded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.compare(i, kSpaceMark.size(), kSpaceMark) == 0) {
            i += kSpaceMark.size() - 1;
            continue;
        }
        const auto letter = static_cast<unsigned char>(text[i]);
        if (letter == ' ') continue;
        folded += letter < 0x80 ? static_cast<char>(std::tolower(letter)) : text[i];
    }
    return folded;
}

// How well a name fits: 0 equal, 1 it begins so, 2 it has it; nullopt: not at all.
std::optional<int> fit_of(const std::string& name, const std::string& query) {
    const std::size_t found = name.find(query);
    if (found == std::string::npos) return std::nullopt;
    if (name.size() == query.size()) return 0;
    return found == 0 ? 1 : 2;
}

std::string row_label(const Graph& graph, NodeId source) {
    const Node& node = graph.node(source);
    return node.layer < 0 ? "in" : std::to_string(node.layer);
}

bool is_letter(char c) {
    const auto letter = static_cast<unsigned char>(c);
    return letter >= 0x80 || std::isalnum(letter) != 0;
}

// Whether two tokens of a text are pieces of one word.
bool is_one_word(const std::string& text, const TokenLabel& a, const TokenLabel& b) {
    if (a.text_index != b.text_index || a.end != b.begin || b.begin == 0) return false;
    if (a.begin == a.end || b.begin >= text.size()) return false;
    return is_letter(text[b.begin - 1]) && is_letter(text[b.begin]);
}

}  // namespace

Prediction predict(const Trace& trace, const Predictor& predictor, int position, int count) {
    const Tile tile = read_row(trace, predictor.logits, position);
    return make_prediction(trace, predictor, position, rank_top(row_of(tile), count));
}

Prediction predict_entry(const Trace& trace, const Predictor& predictor, int position, int id) {
    const Tile tile = read_row(trace, predictor.logits, position);
    return make_prediction(trace, predictor, position, {rank_entry(row_of(tile), id)});
}

Prediction find_words(const Trace& trace, const Predictor& predictor, int position,
                      const std::string& query, const CancelToken& cancel) {
    const Tile tile = read_row(trace, predictor.logits, position);
    const std::span<const float> logits = row_of(tile);
    const Axis& axis = word_axis(trace, predictor.logits);
    const std::string wanted = fold(query);
    struct Found {
        int fit = 0;
        int id = 0;
    };
    std::vector<Found> found;
    for (int id = 0; id < axis.extent; ++id) {
        if (id % 1024 == 0) cancel.check();
        const std::optional<int> fit = fit_of(fold(entry_text(trace, axis, id)), wanted);
        if (fit) found.push_back({*fit, id});
    }
    std::stable_sort(found.begin(), found.end(), [logits](const Found& a, const Found& b) {
        if (a.fit != b.fit) return a.fit < b.fit;
        return logits[at(a.id)] > logits[at(b.id)];
    });
    std::vector<RankedEntry> entries;
    for (std::size_t i = 0; i < std::min(found.size(), at(kMostFound)); ++i) {
        cancel.check();
        entries.push_back(rank_entry(logits, found[i].id));
    }
    return make_prediction(trace, predictor, position, std::move(entries));
}

LensWords read_lens(const Trace& trace, const LensPlan& plan, const LensRequest& request,
                    const CancelToken& cancel) {
    LensWords words;
    words.lens = compute_logit_lens(trace, plan, request, cancel);
    const Axis& axis = word_axis(trace, plan.logits);
    for (const NodeId source : plan.sources) {
        words.rows.push_back(row_label(trace.graph(), source));
    }
    for (const LensCell& cell : words.lens.cells) {
        std::vector<std::string> names;
        for (const RankedEntry& entry : cell.top) {
            names.push_back(entry_text(trace, axis, entry.id));
        }
        words.tops.push_back(std::move(names));
    }
    const int last = static_cast<int>(plan.sources.size()) - 1;
    for (int column = 0; column < words.lens.columns; ++column) {
        words.answers.push_back(entry_text(trace, axis, words.lens.cell(last, column).answer.id));
    }
    return words;
}

std::optional<WordBytes> find_word_bytes(const Trace& trace, int sequence, int position) {
    const std::span<const TokenLabel> labels = trace.labels(sequence);
    if (position < 0 || at(position) >= labels.size()) return std::nullopt;
    const TokenLabel& chosen = labels[at(position)];
    if (chosen.text_index < 0 || chosen.text_index > 1 || chosen.begin == chosen.end)
        return std::nullopt;
    const std::string& text = chosen.text_index == 0 ? trace.inputs().text : trace.inputs().pair;
    std::size_t first = at(position);
    std::size_t last = first;
    while (first > 0 && is_one_word(text, labels[first - 1], labels[first])) --first;
    while (last + 1 < labels.size() && is_one_word(text, labels[last], labels[last + 1])) ++last;
    if (labels[last].end > text.size()) return std::nullopt;
    return WordBytes{chosen.text_index, labels[first].begin, labels[last].end};
}

std::string mask_word(const std::string& text, const WordBytes& word, const std::string& mask) {
    HEED_CHECK_LE(word.end, text.size());
    // Pieces of byte-level vocabularies begin with the space before them: it stays.
    std::size_t begin = word.begin;
    while (begin < word.end && text[begin] == ' ') ++begin;
    return text.substr(0, begin) + mask + text.substr(word.end);
}

}  // namespace heed::app
