// What can be done with the chosen word and with words of the vocabulary.
#include <imgui.h>

#include "app/views/explanation_text.h"
#include "app/views/predict_facts.h"
#include "app/window/program.h"
#include "core/base/error.h"
#include "core/run/at_hand.h"
#include "core/run/explain.h"

namespace heed::app {

namespace {

// The sequence that the chosen query belongs to.
int sequence_of_query(const Document& document) {
    const AttentionSite* site = find_site(document.trace()->graph(), document.selection());
    return site == nullptr ? 0 : site->query_sequence;
}

// What stands for a word left out, as it is written in a sentence; empty where the model has none.
std::string mask_text(const Document& document) {
    if (document.model() == nullptr || document.model()->tokenizer() == nullptr) return "";
    const Tokenizer& tokenizer = *document.model()->tokenizer();
    const std::optional<int> mask = tokenizer.mask_id();
    return mask ? tokenizer.piece(*mask) : "";
}

bool can_mask(const Document& document) {
    if (document.trace() == nullptr || document.trace()->graph().sequences().empty()) return false;
    if (mask_text(document).empty()) return false;
    return find_word_bytes(*document.trace(), sequence_of_query(document),
                           document.selection().query)
        .has_value();
}

void mask_chosen_word(Document& document) {
    const Trace& trace = *document.trace();
    const std::optional<WordBytes> word =
        find_word_bytes(trace, sequence_of_query(document), document.selection().query);
    if (!word) throw Error("do", "mask-word", "a word of the sentence", "a token of the model's");
    const std::string mask = mask_text(document);
    if (word->text_index == 0) {
        document.set_text(mask_word(trace.inputs().text, *word, mask));
    } else {
        document.set_pair(mask_word(trace.inputs().pair, *word, mask));
    }
}

}  // namespace

void Program::add_word_actions() {
    const auto add_copy = [this](const char* name, const char* title,
                                 std::string (*write)(const Explanation&)) {
        actions_.add(
            {name,
             title,
             "",
             {},
             [this] { return document_.trace() != nullptr && !document_.selection().node.empty(); },
             {},
             [this, write](ActionArguments) {
                 const Trace& trace = *document_.trace();
                 const Selection& asked = document_.selection();
                 const std::optional<NodeId> node = trace.graph().find(asked.node);
                 if (!node) return;
                 const auto copy = [this, write, shown = document_.trace(), id = *node,
                                    cell = asked.cell] {
                     const auto found = if_at_hand([&] { return explain(*shown, id, cell); });
                     if (!found) return false;
                     ImGui::SetClipboardText(write(*found).c_str());
                     document_.show_note("The explanation of " + shown->graph().node(id).name +
                                         " is copied.");
                     return true;
                 };
                 unfinished_ = copy() ? nullptr : std::function<bool()>(copy);
             }});
    };
    add_copy("copy-answer", "Copy the explanation as text", write_as_text);
    add_copy("copy-answer-latex", "Copy the explanation as LaTeX", write_as_latex);
    actions_.add({"mask-word",
                  "Mask the chosen word",
                  "",
                  {},
                  [this] { return can_mask(document_); },
                  {},
                  [this](ActionArguments) { mask_chosen_word(document_); }});
    actions_.add({"find-word",
                  "Search a word that the model could say",
                  "TEXT",
                  {},
                  {},
                  {},
                  [this](ActionArguments arguments) {
                      if (arguments.size() != 1) {
                          throw Error("do", "find-word", "one text",
                                      arguments.empty() ? "nothing" : "several words");
                      }
                      document_.views.predict.search.edit.reset(arguments.front());
                  }});
}

}  // namespace heed::app
