// The texts beside the sentence (the decoder's, the segment before), and saying the next word.
#include <span>
#include <utility>

#include "app/window/program.h"
#include "core/analysis/logit_lens.h"
#include "core/base/error.h"

namespace heed::app {

namespace {

constexpr int kMostGenerated = 256;
constexpr int kUsualGenerated = 16;

std::string one_text(const char* action, ActionArguments arguments) {
    if (arguments.size() == 1) return arguments.front();
    throw Error("do", action, "one text", arguments.empty() ? "nothing" : "several");
}

// The predictor of the word that follows the last one; nullopt where the model has none.
std::optional<Predictor> find_next_word(const Trace& trace) {
    for (const Predictor& predictor : find_predictors(trace.graph())) {
        const bool says_next =
            predictor.is_words && predictor.is_causal && predictor.is_per_position;
        if (says_next && trace.graph().node(predictor.logits).shape.extent(-2) > 0) {
            return predictor;
        }
    }
    return std::nullopt;
}

// The ids at the positions that the predictor reads.
std::vector<int> ids_before(const Trace& trace, const Predictor& predictor) {
    const int sequence = trace.graph().node(predictor.logits).shape.axis(-2).sequence;
    std::vector<int> ids;
    for (const TokenLabel& label : trace.labels(sequence)) ids.push_back(label.id);
    return ids;
}

// The id that the model says after the last position; nullopt while it is pending.
std::optional<int> read_next_id(const Trace& trace, const Predictor& predictor,
                                const ModelSummary& summary) {
    const Shape& shape = trace.graph().node(predictor.logits).shape;
    const int last = shape.extent(-2) - 1;
    const std::optional<Tile> tile =
        trace.read(predictor.logits, {0, 1, last, last + 1, 0, shape.extent(-1)});
    if (!tile) return std::nullopt;
    const std::span<const float> logits(tile->row(0, last),
                                        static_cast<std::size_t>(shape.extent(-1)));
    return choose_next_id(logits, summary.generation, ids_before(trace, predictor),
                          summary.takes_target && last == 0);
}

std::vector<int> ids_of(const Encoding& tokens) {
    std::vector<int> ids;
    for (const Token& token : tokens) ids.push_back(token.id);
    return ids;
}

// What `ids` read like, and whether they are what the text is read as.
struct Written {
    std::string text;
    bool comes_back = false;
};

Written write_sentence(const Tokenizer* tokenizer, const std::vector<int>& ids) {
    if (tokenizer == nullptr) return {};
    Written written{tokenizer->decode(ids), false};
    written.comes_back = ids_of(tokenizer->encode(written.text, std::nullopt, true)) == ids;
    return written;
}

// The first of `ids` is what the decoder begins with.
Written write_target(const Tokenizer* tokenizer, const std::vector<int>& ids) {
    if (tokenizer == nullptr || ids.empty()) return {};
    const Tokenizer& own = tokenizer->target();
    const std::vector<int> said(ids.begin() + 1, ids.end());
    Written written{own.decode(said), false};
    written.comes_back = ids_of(own.encode(written.text, std::nullopt, false)) == said;
    return written;
}

// Appends the likeliest next token. False where it ends what is said: it is appended all the same.
// nullopt while its values are pending: nothing is done.
std::optional<bool> append_next(Document& document) {
    const Trace& trace = *document.trace();
    const ModelSummary& summary = document.model()->summary();
    const Predictor predictor = *find_next_word(trace);
    const std::optional<int> next = read_next_id(trace, predictor, summary);
    if (!next) return std::nullopt;
    std::vector<int> ids = ids_before(trace, predictor);
    const int limit = summary.takes_target ? summary.target_positions : summary.positions;
    if (limit > 0 && summary.cuts_input && static_cast<int>(ids.size()) >= limit) {
        throw Error("do", "append-next-token", "room for one more position",
                    "all " + std::to_string(limit) + " of the model are taken");
    }
    ids.push_back(*next);
    const bool is_full = static_cast<int>(ids.size()) == summary.generation.most;
    const Tokenizer* tokenizer = document.model()->tokenizer().get();
    Written written =
        summary.takes_target ? write_target(tokenizer, ids) : write_sentence(tokenizer, ids);
    if (summary.takes_target && written.comes_back) {
        document.set_target(std::move(written.text));
    } else if (summary.takes_target) {
        document.set_target_ids(std::move(ids), std::move(written.text));
    } else if (written.comes_back) {
        document.set_pair(std::nullopt);
        document.set_text(std::move(written.text));
    } else {
        document.set_ids(std::move(ids), std::move(written.text));
    }
    return !is_full && !summary.generation.ends(*next);
}

}  // namespace

bool says_next_word(const Document& document) {
    return document.model() != nullptr && document.trace() != nullptr &&
           find_next_word(*document.trace()).has_value();
}

void Program::add_sequence_actions() {
    const auto add_text = [this](const char* name, const char* title, const char* none,
                                 const char* none_title,
                                 void (Document::*set)(std::optional<std::string>),
                                 bool ModelSummary::*takes) {
        const auto applies = [this, takes] {
            return document_.model() != nullptr && document_.model()->summary().*takes;
        };
        actions_.add({name, title, "TEXT", {}, {}, {}, [this, name, set](ActionArguments words) {
                          (document_.*set)(one_text(name, words));
                      }});
        actions_.add({none, none_title, "", {}, applies, {}, [this, set](ActionArguments) {
                          (document_.*set)(std::nullopt);
                      }});
    };
    add_text("target", "Set what the decoder has written", "no-target",
             "Remove what the decoder has written", &Document::set_target,
             &ModelSummary::takes_target);
    add_text("memory", "Set the segment before", "no-memory", "Remove the segment before",
             &Document::set_memory, &ModelSummary::takes_memory);
    actions_.add({"append-next-token",
                  "Append the likeliest next token",
                  "",
                  {{false, true, false, kKeyEnter}},
                  [this] { return says_next_word(document_) && !document_.is_busy(); },
                  {},
                  [this](ActionArguments) {
                      to_generate_ = 1;
                      generate_next();
                  }});
    actions_.add({"generate",
                  "Append the likeliest tokens, one after the other",
                  "[COUNT]",
                  {},
                  [this] { return says_next_word(document_) && !document_.is_busy(); },
                  {},
                  [this](ActionArguments arguments) {
                      to_generate_ = arguments.empty() ? kUsualGenerated
                                                       : parse_action_number("generate", arguments,
                                                                             0, 1, kMostGenerated);
                      generate_next();
                  }});
}

// One more token when the pass of the one before is there; an error or a cancellation ends it.
void Program::generate_next() {
    if (to_generate_ <= 0 || document_.is_busy()) return;
    if (!document_.error().empty() || !says_next_word(document_)) {
        to_generate_ = 0;
        return;
    }
    const int rest = std::exchange(to_generate_, 0) - 1;
    const std::optional<bool> goes_on = append_next(document_);
    if (!goes_on) {
        to_generate_ = rest + 1;
    } else if (*goes_on) {
        to_generate_ = rest;
    }
}

}  // namespace heed::app
