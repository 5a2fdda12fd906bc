#include "app/views/predict.h"

#include <algorithm>
#include <array>

#include "app/ui/figures.h"
#include "app/views/predict_parts.h"

namespace heed::app {

namespace {

constexpr const char* kId = "view/predict";
constexpr float kMostQuoted = 140;  // design pixels of a word in a title

std::string quote(const PredictScene& scene, int position) {
    return "\u201c" +
           fit_text(scene.ui, Type::kTitle, scene.word(position), scene.ui.px(kMostQuoted)) +
           "\u201d";
}

bool is_of_picture(const Graph& graph) {
    return std::any_of(graph.inputs().begin(), graph.inputs().end(),
                       [](const GraphInput& input) { return input.takes_numbers(); });
}

std::string title_of(const PredictScene& scene) {
    const Predictor& predictor = scene.predictor;
    if (!predictor.is_words) {
        if (predictor.is_per_position) return "What " + quote(scene, scene.position) + " is";
        return is_of_picture(scene.trace.graph()) ? "What the model says of the picture"
                                                  : "What the model says of the sentence";
    }
    if (predictor.is_causal) return "What comes after " + quote(scene, scene.position);
    if (scene.is_masked()) return "What fills the gap";
    return "What could stand for " + quote(scene, scene.position);
}

std::string caption_of(const PredictScene& scene) {
    const Predictor& predictor = scene.predictor;
    const Graph& graph = scene.trace.graph();
    const std::string count = std::to_string(graph.node(predictor.logits).shape.extent(-1)) +
                              (predictor.is_words ? " words" : " labels");
    if (!predictor.probs) return graph.node(predictor.logits).name + ": scores of " + count;
    std::string text = graph.node(*predictor.probs).name + " of " + count + ", at temperature 1";
    if (predictor.is_words && !predictor.is_causal && !scene.is_masked()) {
        text += "; it sees the word itself";
    }
    return text;
}

// A press moves to the last word, or to the gap.
struct Jump {
    std::string label;
    int position = -1;
};
Jump find_jump(const PredictScene& scene) {
    if (!scene.predictor.is_words) return {};
    const int last = scene.positions() - 1;
    if (scene.predictor.is_causal) {
        return scene.position == last ? Jump{} : Jump{"to the last word", last};
    }
    const AxisNames* names = scene.trace.inputs().names.get();
    const std::optional<int> mask = names == nullptr ? std::nullopt : names->mask_word();
    const auto labels = scene.trace.labels(scene.sequence);
    for (std::size_t i = 0; mask && !scene.is_masked() && i < labels.size(); ++i) {
        if (labels[i].id == *mask) return {"to the gap", static_cast<int>(i)};
    }
    return {};
}

bool can_mask(const PredictScene& scene) {
    const AxisNames* names = scene.trace.inputs().names.get();
    const bool has_mask = names != nullptr && names->mask_word().has_value();
    return has_mask && scene.predictor.is_words && !scene.predictor.is_causal &&
           !scene.is_masked() && scene.ui.actions.find("mask-word") != nullptr &&
           find_word_bytes(scene.trace, scene.sequence, scene.position).has_value();
}

int count_other_labels(const PredictScene& scene) {
    int rows = 0;
    for (std::size_t i = 1; i < scene.state.predictors.size(); ++i) {
        const NodeId logits = scene.state.predictors[i].logits;
        rows += 1 + std::min(3, scene.trace.graph().node(logits).shape.extent(-1));
    }
    return rows;
}

void draw_controls(const PredictScene& scene, const PredictFrame& frame, const Jump& jump,
                   ViewResult& result) {
    UiContext& ui = scene.ui;
    if (!frame.modes.is_empty()) {
        const std::array<std::string, 2> modes{"list", "lens"};
        const std::optional<int> pressed =
            segmented(ui, std::string(kId) + "/mode", frame.modes, modes,
                      static_cast<int>(scene.state.options.mode));
        if (pressed) {
            const std::string& mode = modes[static_cast<std::size_t>(*pressed)];
            result.commands.push_back({"set", {"predict.mode", mode}});
        }
    }
    if (!frame.mask.is_empty() &&
        button(ui, std::string(kId) + "/mask", frame.mask, "mask the word",
               {ButtonLook::kQuiet, true, "takes the word out: the model has to guess it"})) {
        result.commands.push_back({"mask-word", {}});
    }
    if (!frame.jump.is_empty() && button(ui, std::string(kId) + "/jump", frame.jump, jump.label)) {
        Selection wanted = scene.selection;
        wanted.query = jump.position;
        result.selection = clamp_selection(scene.trace.graph(), std::move(wanted));
    }
    if (frame.search.is_empty()) return;
    TextFieldRequest search;
    search.id = "view/predict/search";
    search.hint = "Search a word";
    search.type = Type::kBody;
    if (draw_text_field(ui, search, frame.search, scene.state.search).was_changed) {
        ui.request_frame_in(0);
    }
}

void draw_empty(const Graph& graph, UiContext& ui, const Rect& inside, ViewResult& result) {
    // A discriminator has one score for each word.
    const bool has_scores = graph.find("logits").has_value();
    empty_state(ui, "view/predict", inside,
                has_scores ? "This model chooses among no words" : "This model predicts nothing",
                has_scores
                    ? "It gives each word one score: the last stage shows them."
                    : "\u201cwords\u201d fills gaps, \u201cstories\u201d says the next word.");
    Rect line{inside.x, inside.centre().y + ui.px(40), inside.w, ui.px(30)};
    const std::array<std::string, 2> models{"words", "stories"};
    float width = 0;
    for (const std::string& model : models) {
        width += measure_button(ui, "open " + model) + ui.px(8);
    }
    line = inset(line, std::max(0.0F, (line.w - width) / 2), 0);
    for (const std::string& model : models) {
        const Rect place = take_left(line, measure_button(ui, "open " + model), ui.px(8));
        if (button(ui, "view/predict/open/" + model, place, "open " + model)) {
            result.commands.push_back({"open", {model}});
        }
    }
}

void update_plan(const Trace& trace, std::uint64_t trace_number, PredictViewState& state) {
    if (state.trace_number == trace_number) return;
    state.trace_number = trace_number;
    state.predictors = find_predictors(trace.graph());
    state.lens.reset();
    if (state.predictors.empty() || trace.weights() == nullptr) return;
    const Predictor& shown = state.predictors.front();
    if (shown.is_words && shown.is_per_position) {
        state.lens = find_lens_plan(trace.graph(), shown.logits);
    }
}

int sequence_of(const Graph& graph, const Predictor& predictor) {
    const Axis& first = graph.node(predictor.logits).shape.axis(0);
    return predictor.is_per_position ? first.sequence : 0;
}

}  // namespace

int PredictScene::positions() const {
    return trace.graph().sequences()[static_cast<std::size_t>(sequence)].length;
}

std::optional<int> PredictScene::actual_id() const {
    if (!predictor.is_words || is_masked()) return std::nullopt;
    const auto labels = trace.labels(sequence);
    const auto at = static_cast<std::size_t>(position + (predictor.is_causal ? 1 : 0));
    if (at >= labels.size()) return std::nullopt;
    const int id = labels[at].id;
    const int words = trace.graph().node(predictor.logits).shape.extent(-1);
    return id < 0 || id >= words ? std::nullopt : std::optional<int>(id);
}

bool PredictScene::is_decoders() const {
    return trace.graph().sequences()[static_cast<std::size_t>(sequence)].name == "target";
}

bool PredictScene::is_masked() const {
    const AxisNames* names = trace.inputs().names.get();
    const auto labels = trace.labels(sequence);
    const auto at = static_cast<std::size_t>(position);
    if (names == nullptr || at >= labels.size()) return false;
    return !predictor.is_causal && names->mask_word() == labels[at].id;
}

std::uint64_t PredictScene::version(std::initializer_list<std::uint64_t> more) const {
    return hash_key({ui.trace_number, predictor.logits, 0}, more);
}

NodeId shown_node(const Predictor& predictor) {
    return predictor.probs.value_or(predictor.logits);
}

std::vector<int> cell_of(const PredictScene& scene, const Predictor& predictor, int id) {
    if (predictor.is_per_position) return {scene.position, id};
    return {id};
}

Selection ask_entry(const PredictScene& scene, const Predictor& predictor, int id) {
    return ask_word_cell(scene.trace, scene.selection, shown_node(predictor),
                         cell_of(scene, predictor, id));
}

ViewResult draw_predict_view(const Trace& trace, const Selection& selection, const Rect& rect,
                             PredictViewState& state, UiContext& ui) {
    ViewResult result;
    const Rect inside = card(ui, rect);
    update_plan(trace, ui.trace_number, state);
    state.was_drawn = true;
    if (state.predictors.empty() || trace.graph().sequences().empty()) {
        draw_empty(trace.graph(), ui, inside, result);
        return result;
    }
    const Predictor& predictor = state.predictors.front();
    const int sequence = sequence_of(trace.graph(), predictor);
    const int length = trace.graph().sequences()[static_cast<std::size_t>(sequence)].length;
    if (length == 0) {
        empty_state(ui, "view/predict/empty", inside, "No words yet", "Type a sentence above.");
        return result;
    }
    // A word of the encoder has no prediction: the decoder's last one does.
    const AttentionSite* site = find_site(trace.graph(), selection);
    const bool is_elsewhere = site != nullptr && site->query_sequence != sequence &&
                              list_site_words(trace.graph()).size() > 1;
    const int position = is_elsewhere ? length - 1 : std::clamp(selection.query, 0, length - 1);
    const PredictScene scene{trace, selection, predictor, sequence, position, state, ui};
    const Jump jump = find_jump(scene);
    PredictRequest request;
    request.has_lens = state.lens.has_value();
    request.has_search = predictor.is_words && trace.inputs().names != nullptr;
    request.other_labels = count_other_labels(scene);
    request.jump_w = jump.position < 0 ? 0 : measure_button(ui, jump.label);
    request.mask_w = can_mask(scene) ? measure_button(ui, "mask the word") : 0;
    request.mode = request.has_lens ? state.options.mode : PredictMode::kList;
    const PredictFrame frame = layout_predict_frame(ui, inside, request);
    draw_label(ui, "view/predict/title", {Type::kTitle, ui.theme.ink}, frame.title,
               title_of(scene));
    draw_label(ui, "view/predict/caption", {Type::kBody, ui.theme.ink_second}, frame.caption,
               caption_of(scene));
    draw_controls(scene, frame, jump, result);
    if (request.mode == PredictMode::kLens) {
        draw_layers_lens(scene, frame.lens, result);
        return result;
    }
    draw_predict_list(scene, frame, result);
    if (!frame.labels.is_empty()) draw_predict_labels(scene, frame.labels, result);
    if (!frame.lens.is_empty()) draw_position_lens(scene, frame.lens);
    return result;
}

}  // namespace heed::app
