#include <algorithm>
#include <cmath>

#include "app/ui/numbers.h"
#include "app/ui/widgets.h"
#include "app/views/axes.h"
#include "app/views/heads.h"

namespace heed::app {

namespace {

constexpr std::size_t kMostWordBytes = 14;
constexpr float kWideLine = 420;  // design pixels

// A word that leaves room for the others.
std::string short_word(const std::string& word) {
    if (word.size() <= kMostWordBytes) return word;
    std::size_t end = kMostWordBytes;
    while (end > 0 && (static_cast<unsigned char>(word[end]) & 0xC0U) == 0x80U) --end;
    return word.substr(0, end) + "\u2026";
}

std::string word_of(const Trace& trace, int sequence, int position) {
    const std::span<const TokenLabel> labels = trace.labels(sequence);
    if (position < 0 || position >= static_cast<int>(labels.size())) return "";
    return short_word(token_text(labels[static_cast<std::size_t>(position)]));
}

}  // namespace

void draw_strongest(const HeadsScene& scene, const Rect& line, ViewResult& result) {
    if (line.is_empty() || scene.strongest == nullptr) return;
    UiContext& ui = scene.ui;
    const Selection& at = scene.selection;
    const AttentionSite* chosen = find_site(scene.trace.graph(), at);
    if (chosen == nullptr) return;
    Rect rest = line;
    const std::string caption = "\u201c" + word_of(scene.trace, chosen->query_sequence, at.query) +
                                "\u201d " +
                                (line.w >= ui.px(kWideLine) ? "looks most at" : "most at");
    const float used = std::ceil(measure_text(ui, Type::kNoteStrong, caption));
    if (used > rest.w / 2) return;
    draw_label(ui, "view/heads/strongest", {Type::kNoteStrong, ui.theme.ink_second},
               take_left(rest, used, ui.px(10)), caption);
    for (std::size_t i = 0; i < scene.strongest->heads.size(); ++i) {
        const StrongestHead& head = scene.strongest->heads[i];
        const AttentionSite& site = scene.list.site(scene.trace.graph(), head.place);
        const std::string word = word_of(scene.trace, site.key_sequence, head.key);
        const std::string label =
            word + " " + std::string(format_number(static_cast<double>(head.weight), 2).view()) +
            " \u00b7 head " + scene.list.head_name(head.place);
        const float width = std::ceil(measure_button(ui, label));
        if (width > rest.w) break;
        const bool is_here = head.place == scene.list.place_of(at) && head.key == at.key;
        const std::string told = "\u201c" + word + "\u201d gets " +
                                 std::string(format_exact(head.weight).view()) + " in " +
                                 scene.list.row_name(head.place.part, head.place.layer) +
                                 ", head " + std::to_string(head.place.head);
        if (!button(ui, indexed_id("view/heads/strongest", {static_cast<int>(i)}),
                    take_left(rest, width, ui.px(6)), label,
                    {is_here ? ButtonLook::kOn : ButtonLook::kQuiet, true, told})) {
            continue;
        }
        Selection wanted = at;
        wanted.site = scene.list.words[static_cast<std::size_t>(head.place.part)];
        wanted.layer = head.place.layer;
        wanted.head = head.place.head;
        wanted.key = head.key;
        result.selection = ask_pattern(scene.trace.graph(), std::move(wanted));
    }
}

}  // namespace heed::app
