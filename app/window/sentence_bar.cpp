// The sentence, a second one, and how the two are read: the fields of the top bar.
#include <array>
#include <utility>

#include "app/ui/choices.h"
#include "app/ui/menu.h"
#include "app/ui/text_field.h"
#include "app/window/shell.h"
#include "app/window/shell_layout.h"

namespace heed::app {

namespace {

// Shorter work leaves no trace on the screen.
constexpr double kBusyShown_s = 0.15;
constexpr float kExtraLeast = 120;  // of the second field, design pixels
constexpr const char* kExamplesMenu = "examples";

std::string plural(std::size_t count, std::string_view word) {
    return std::to_string(count) + " " + std::string(word) + (count == 1 ? "" : "s");
}

// "9 words · 11 tokens"
std::string count_text(std::string_view text, const Trace* trace) {
    const auto words = static_cast<std::size_t>(count_words(text));
    if (trace == nullptr || trace->inputs().labels.empty()) return plural(words, "word");
    return plural(words, "word") + " \u00b7 " + plural(trace->labels(0).size(), "token");
}

bool takes_pair(const Document& document) {
    return document.model() != nullptr && document.model()->summary().takes_pair;
}

bool takes_target(const Document& document) {
    return document.model() != nullptr && document.model()->summary().takes_target;
}

bool takes_memory(const Document& document) {
    return document.model() != nullptr && document.model()->summary().takes_memory;
}

// Positions of the graph's sequence of that name; 0 where it has none.
int count_positions(const Trace* trace, std::string_view name) {
    if (trace == nullptr) return 0;
    for (const Sequence& sequence : trace->graph().sequences()) {
        if (sequence.name == name) return sequence.length;
    }
    return 0;
}

// Whether the work that was asked for takes long enough to be told.
bool shows_work(const Document& document, SentenceBarState& state, UiContext& ui) {
    if (!document.is_busy() || document.trace() == nullptr) {
        state.busy_since_s = -1;
        return false;
    }
    if (state.busy_since_s < 0) state.busy_since_s = ui.now_s;
    const double rest = kBusyShown_s - (ui.now_s - state.busy_since_s);
    if (rest <= 0) return true;
    ui.request_frame_in(rest);
    return false;
}

// A field follows the document; where the text was changed by something else, whoever is writing in
// it loses the keys, so that the old text does not come back.
void follow(TextFieldState& field, const std::string& text, UiContext& ui) {
    if (field.edit.text() == text) return;
    field.edit.reset(text);
    field.scroll_px = 0;
    if (field.has_keys) ui.controls.focus.leave();
}

}  // namespace

std::optional<Command> draw_examples(SentenceBarState& state, UiContext& ui, const Rect& field) {
    const float size = std::min(ui.px(28), field.h);
    const Rect place{field.right() - size - ui.px(6), std::round(field.centre().y - size / 2), size,
                     size};
    const std::string menu_id = kExamplesMenu;
    if (icon_button(ui, "bar/examples", place, Icon::kChevronDown, "What to begin with",
                    {ButtonLook::kPlain, true, ""})) {
        open_popup(ui, menu_id);
        ui.controls.focus.give("menu/" + menu_id + "/0", true);
    }
    std::vector<MenuEntry> entries;
    for (std::size_t i = 0; i < state.examples.size(); ++i) {
        const Example& example = state.examples[i];
        MenuEntry entry;
        entry.id = std::to_string(i);
        entry.label = example.title();
        if (!example.image) entry.help = example.note;
        entry.action = "example";
        entry.arguments = {entry.id};
        entries.push_back(std::move(entry));
    }
    const std::optional<MenuEntry> chosen = draw_menu(ui, menu_id, field, entries);
    if (!chosen) return std::nullopt;
    return Command{chosen->action, chosen->arguments};
}

namespace {

// What the field beside the sentence is for, before it; what is left is the field's.
Rect draw_extra_label(UiContext& ui, const Rect& rect, std::string_view label) {
    Rect rest = rect;
    const float width = std::ceil(measure_text(ui, Type::kNote, label)) + ui.px(2);
    if (rect.w < width + ui.px(kExtraLeast)) return rest;
    const Rect place = take_left(rest, width, ui.px(8));
    draw_label(ui, "bar/extra", {Type::kNote, ui.theme.ink_third}, place, label);
    return rest;
}

// The likeliest token is appended by a press: the `place`th picture from the end of the field.
void draw_next_token(const Document& document, UiContext& ui, const Rect& field, int place,
                     ViewResult& result) {
    const float size = std::min(ui.px(28), field.h);
    const float right = field.right() - ui.px(6) - static_cast<float>(place) * ui.px(28);
    const Rect square{right - size, std::round(field.centre().y - size / 2), size, size};
    const std::string told =
        "Append the likeliest next token (" + ui.actions.shown_chord("append-next-token") + ")";
    const ButtonOptions options{ButtonLook::kPlain, !document.is_busy(), told};
    if (icon_button(ui, "bar/next-token", square, Icon::kForward, "Next token", options)) {
        result.commands.push_back({"append-next-token", {}});
    }
}

// What the decoder has written, or what went before the sentence.
void draw_extra_field(const Document& document, SentenceBarState& state, UiContext& ui,
                      const Rect& rect, ViewResult& result) {
    const bool is_target = takes_target(document);
    const auto& given = is_target ? document.target() : document.memory();
    follow(state.extra, given.value_or(""), ui);
    const int count = count_positions(document.trace().get(), is_target ? "target" : "memory");
    const std::string note = plural(static_cast<std::size_t>(count), "token");
    const Rect field = draw_extra_label(ui, rect, is_target ? "decoder" : "before");
    const bool says_next = is_target && says_next_word(document);
    TextFieldRequest request;
    request.id = is_target ? "bar/target" : "bar/memory";
    request.hint = is_target ? "Decoder's text" : "Text before";
    request.note = note;
    request.takes_keys = std::exchange(state.target_takes_keys, false);
    if (says_next) request.right_margin_px = ui.px(24);
    const bool was_changed = draw_text_field(ui, request, field, state.extra).was_changed;
    if (says_next) draw_next_token(document, ui, field, 0, result);
    if (!was_changed) return;
    const std::string& text = state.extra.edit.text();
    const std::string action = is_target ? "target" : "memory";
    if (text.empty()) {
        result.commands.push_back({"no-" + action, {}});
    } else {
        result.commands.push_back({action, {text}});
    }
}

enum class Reading { kOne, kTogether, kApart };

Reading reading_of(const Document& document) {
    if (document.pair()) return Reading::kTogether;
    return document.other() ? Reading::kApart : Reading::kOne;
}

std::vector<Reading> readings_for(const Document& document) {
    if (takes_pair(document) || document.pair()) {
        return {Reading::kOne, Reading::kTogether, Reading::kApart};
    }
    return {Reading::kOne, Reading::kApart};
}

std::string reading_label(Reading reading) {
    switch (reading) {
        case Reading::kOne:
            return "one sentence";
        case Reading::kTogether:
            return "two, together";
        case Reading::kApart:
            return "two, apart";
    }
    return "";
}

// What has to be done so that the two sentences are read that way.
std::vector<Command> read_as(Reading reading, const std::string& second) {
    switch (reading) {
        case Reading::kOne:
            return {{"no-pair", {}}, {"no-other", {}}};
        case Reading::kTogether:
            return {{"no-other", {}}, {"pair", {second}}};
        case Reading::kApart:
            return {{"no-pair", {}}, {"other", {second}}};
    }
    return {};
}

ViewResult draw_reading(const Document& document, SentenceBarState& state, UiContext& ui,
                        const Rect& rect) {
    ViewResult result;
    const std::vector<Reading> readings = readings_for(document);
    std::vector<std::string> labels;
    int chosen = 0;
    for (std::size_t i = 0; i < readings.size(); ++i) {
        labels.push_back(reading_label(readings[i]));
        if (readings[i] == reading_of(document)) chosen = static_cast<int>(i);
    }
    constexpr std::array<std::string_view, 3> kNotes{"", "in one run", "each in its own run"};
    std::vector<std::string> notes;
    for (const Reading reading : readings) {
        notes.emplace_back(kNotes[static_cast<std::size_t>(reading)]);
    }
    DropDownOptions options;
    options.tooltip = "A second sentence: read together with the first, or on its own";
    options.notes = notes;
    const std::optional<int> picked = drop_down(ui, "bar/reading", rect, labels, chosen, options);
    if (!picked) return result;
    for (Command& command :
         read_as(readings[static_cast<std::size_t>(*picked)], state.second.edit.text())) {
        const bool is_there = command.action == "no-pair"    ? document.pair().has_value()
                              : command.action == "no-other" ? document.other().has_value()
                                                             : true;
        if (is_there) result.commands.push_back(std::move(command));
    }
    return result;
}

}  // namespace

bool has_extra_field(const Document& document) {
    return takes_target(document) || takes_memory(document);
}

float measure_reading(const UiContext& ui, const Document& document) {
    std::vector<std::string> labels;
    for (const Reading reading : readings_for(document)) labels.push_back(reading_label(reading));
    return measure_drop_down(ui, labels);
}

ViewResult draw_sentence_bar(const Document& document, SentenceBarState& state, UiContext& ui,
                             const TopBarLayout& layout) {
    if (document.is_about_picture()) {
        return draw_picture_bar(document, state, ui, layout.text);
    }
    ViewResult result;
    const Reading reading = reading_of(document);
    const std::string second = reading == Reading::kTogether ? *document.pair()
                               : reading == Reading::kApart  ? *document.other()
                                                             : state.second.edit.text();
    follow(state.text, document.text(), ui);
    follow(state.second, second, ui);
    const bool is_busy = shows_work(document, state, ui);

    // A pair shares its tokens.
    const std::string counted = document.text() + " " + document.pair().value_or("");
    const std::string note = count_text(counted, document.trace().get());
    TextFieldRequest request;
    request.id = "bar/text";
    request.hint = "Type a sentence";
    request.note = note;
    request.takes_keys = std::exchange(state.takes_keys, false);
    const bool says_next = !takes_target(document) && says_next_word(document);
    request.right_margin_px = ui.px(says_next ? 50 : 24);
    request.is_busy = is_busy;
    if (draw_text_field(ui, request, layout.text, state.text).was_changed) {
        result.commands.push_back({"text", {state.text.edit.text()}});
    }
    if (says_next) draw_next_token(document, ui, layout.text, 1, result);
    if (std::optional<Command> example = draw_examples(state, ui, layout.text)) {
        result.commands.push_back(std::move(*example));
    }
    const bool has_extra = has_extra_field(document) && reading == Reading::kOne;
    if (!layout.pair.is_empty() && has_extra) {
        draw_extra_field(document, state, ui, layout.pair, result);
    } else if (!layout.pair.is_empty()) {
        const bool is_apart = reading == Reading::kApart;
        const std::string second_note =
            is_apart ? count_text(second, document.other_trace().get()) : "";
        TextFieldRequest other;
        other.id = is_apart ? "bar/other" : "bar/pair";
        other.hint = is_apart ? "A sentence to compare with" : "Second sentence";
        other.note = second_note;
        if (draw_text_field(ui, other, layout.pair, state.second).was_changed) {
            result.commands.push_back({is_apart ? "other" : "pair", {state.second.edit.text()}});
        }
    }
    if (layout.pair.is_empty() || !has_extra) state.extra.has_keys = false;
    const bool writes_second = !layout.pair.is_empty() && !has_extra && state.second.has_keys;
    state.is_typing = state.text.has_keys || state.extra.has_keys || writes_second;
    if (!layout.pair_button.is_empty()) {
        result.add(draw_reading(document, state, ui, layout.pair_button));
    }
    return result;
}

}  // namespace heed::app
