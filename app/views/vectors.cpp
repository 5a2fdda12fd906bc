#include "app/views/vectors.h"

#include <algorithm>
#include <array>

#include "app/ui/figures.h"
#include "app/views/piece_words.h"
#include "app/views/vectors_parts.h"

namespace heed::app {

namespace {

constexpr const char* kSet = "set";

// Whether the words are those that a decoder has written, beside an encoder's.
bool is_decoders(const VectorsScene& scene) {
    const Graph& graph = scene.trace.graph();
    const int sequence = graph.node(scene.path.fixed).shape.axis(0).sequence;
    return graph.sequences()[static_cast<std::size_t>(sequence)].name == "target";
}

std::string_view title_of(const VectorsScene& scene) {
    const VectorsMode mode = scene.state.options.mode;
    if (mode == VectorsMode::kWords && is_decoders(scene)) {
        return "Words of the decoder";
    }

    constexpr std::array<std::string_view, 4> kTitles{
        "What the {whole} did to each {word}", "Which {words} are alike", "Where the {words} move",
        "One word in two sentences"};
    return kTitles[static_cast<std::size_t>(mode)];
}

std::string caption_of(const VectorsScene& scene) {
    const std::string fixed = scene.name(scene.path.fixed);
    const std::string after = scene.name(scene.context());
    const VectorsMode mode = scene.state.options.mode;
    if (mode == VectorsMode::kMap) {
        return "from " + fixed + " to " + after + ", on the plane of most variance";
    }
    if (mode == VectorsMode::kCompare) return "how near its two vectors are, layer by layer";
    return fixed + " beside " + after + " (" + step_text(scene.path, scene.step) + ")";
}

struct Toggle {
    bool is_on = false;
    std::string label;
    std::string tells;
    std::string value;  // that a press sets
};

Toggle toggle_of(const VectorsOptions& options, const std::string& name) {
    const auto flag = [](bool is_on, std::string label, std::string tells) {
        return Toggle{is_on, std::move(label), std::move(tells), is_on ? "off" : "on"};
    };
    if (name == "centre") {
        return flag(options.centres, "centre", "the layer's mean vector is taken off first");
    }
    if (name == "unit") return flag(options.is_unit, "unit", "all vectors made of length one");
    if (name == "paths") return flag(options.shows_paths, "paths", "the way through the layers");
    const bool by_change = options.order == VectorsOrder::kChange;
    return {by_change, "by change", "the numbers that changed most come first",
            by_change ? "number" : "change"};
}

void draw_toggles(const VectorsScene& scene, const VectorsFrame& frame, ViewResult& result) {
    const std::vector<std::string> names = list_toggles(scene.state.options.mode);
    for (std::size_t i = 0; i < frame.toggles.size(); ++i) {
        const Toggle toggle = toggle_of(scene.state.options, names[i]);
        const ButtonOptions look{toggle.is_on ? ButtonLook::kOn : ButtonLook::kQuiet, true,
                                 toggle.tells};
        if (button(scene.ui, "view/vectors/" + names[i], frame.toggles[i], toggle.label, look)) {
            result.commands.push_back({kSet, {"vectors." + names[i], toggle.value}});
        }
    }
}

void draw_slider(const VectorsScene& scene, const VectorsFrame& frame, ViewResult& result) {
    if (frame.slider.is_empty()) return;
    UiContext& ui = scene.ui;
    draw_label(ui, "view/vectors/layer/label", {Type::kNote, ui.theme.ink_second},
               frame.slider_label, "after layer");
    const std::optional<int> moved =
        slider(ui, "view/vectors/layer", frame.slider, scene.step, 0, scene.path.size() - 1);
    draw_label(ui, "view/vectors/layer/value", {Type::kNoteStrong, ui.theme.ink},
               frame.slider_value, scene.path.labels[static_cast<std::size_t>(scene.step)]);
    if (!moved) return;
    const int wanted = *moved == scene.path.size() - 1 ? VectorsOptions::kLast : *moved;
    result.commands.push_back({kSet, {"vectors.layer", std::to_string(wanted)}});
}

void draw_frame(const VectorsScene& scene, const VectorsFrame& frame, ViewResult& result) {
    UiContext& ui = scene.ui;
    const VectorsOptions& options = scene.state.options;
    if (!frame.title.is_empty()) {
        draw_label(ui, "view/vectors/title", {Type::kTitle, ui.theme.ink}, frame.title,
                   say_pieces(title_of(scene), scene.words.tokens));
    }
    const std::vector<std::string> modes(VectorsOptions::kModes.begin(),
                                         VectorsOptions::kModes.end());
    const std::optional<int> pressed =
        segmented(ui, "view/vectors/mode", frame.modes, modes, static_cast<int>(options.mode));
    if (pressed) {
        result.commands.push_back(
            {kSet, {"vectors.mode", modes[static_cast<std::size_t>(*pressed)]}});
    }
    draw_label(ui, "view/vectors/caption", {Type::kBody, ui.theme.ink_second}, frame.caption,
               caption_of(scene));
    draw_toggles(scene, frame, result);
    draw_slider(scene, frame, result);
}

}  // namespace

std::uint64_t VectorsScene::version(std::initializer_list<std::uint64_t> more) const {
    const VectorsOptions& options = state.options;
    std::uint64_t hash = hash_key({ui.trace_number, path.fixed, 0}, more);
    hash = hash * 4 + (options.centres ? 2U : 0U) + (options.is_unit ? 1U : 0U);
    return hash;
}

std::string step_text(const VectorPath& path, int step) {
    const std::string& label = path.labels[static_cast<std::size_t>(step)];
    if (label == "in") return "before the first layer";
    if (label == "final") return "at the end";
    return "after layer " + label;
}

void choose_word(const VectorsScene& scene, int word, ViewResult& result) {
    Selection wanted = scene.selection;
    wanted.query = word;
    result.selection = clamp_selection(scene.trace.graph(), std::move(wanted));
}

ViewResult draw_vectors_view(const Trace& trace, const Selection& selection, const Rect& rect,
                             VectorsViewState& state, UiContext& ui) {
    ViewResult result;
    const Rect inside = card(ui, rect);
    const AttentionSite* site = find_site(trace.graph(), selection);
    const std::optional<VectorPath> path = find_vector_path(
        trace.graph(), site == nullptr ? std::nullopt : std::optional(site->query_sequence));
    if (!path || trace.graph().node(path->fixed).shape.count() == 0) {
        empty_state(ui, "view/vectors/empty", inside, "Nothing to compare",
                    "This model's last vectors are not as long as its embeddings.");
        return result;
    }
    const MatrixPlace place = place_matrix(trace, selection, path->fixed);
    Selection clamped = selection;
    clamped.query = std::clamp(selection.query, 0, place.rows.extent - 1);
    const VectorsScene scene{trace,      clamped, *path, path->step(state.options.layer),
                             place.rows, state,   ui};
    const VectorsFrame frame = layout_vectors_frame(ui, inside, state.options.mode, path->size());
    draw_frame(scene, frame, result);
    switch (state.options.mode) {
        case VectorsMode::kWords:
            draw_vectors_words(scene, frame.body, result);
            break;
        case VectorsMode::kCosines:
            draw_vectors_cosines(scene, frame.body, result);
            break;
        case VectorsMode::kMap:
            draw_vectors_map(scene, frame.body, result);
            break;
        case VectorsMode::kCompare:
            draw_vectors_compare(scene, frame.body, result);
            break;
    }
    return result;
}

}  // namespace heed::app
