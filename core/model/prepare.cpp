#include "core/model/prepare.h"

#include <algorithm>
#include <utility>

#include "core/base/check.h"
#include "core/base/error.h"

namespace heed {

TokenLabel make_label(const Token& token) {
    TokenLabel label;
    label.piece = token.piece;
    label.text = token.piece.empty() ? std::to_string(token.id) : display_piece(token.piece);
    label.id = token.id;
    label.begin = token.begin;
    label.end = token.end;
    label.text_index = token.text;
    label.type_id = token.type_id;
    label.is_special = token.is_special;
    return label;
}

std::vector<int> ids_of(const Encoding& tokens) {
    std::vector<int> ids;
    for (const Token& token : tokens) ids.push_back(token.id);
    return ids;
}

namespace {

// TokenLabel::text_index.
constexpr int kTargetText = 2;
constexpr int kMemoryText = 3;

Encoding tokens_of_ids(const std::vector<int>& ids, const Tokenizer* tokenizer) {
    Encoding tokens(ids.size());
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        tokens[i].id = ids[i];
        if (tokenizer == nullptr) continue;
        try {
            tokens[i].piece = tokenizer->piece(ids[i]);
            tokens[i].is_special = tokenizer->decode({ids[i]}).empty();
        } catch (const Error&) {
            // Models pad their vocabularies: an id may have a row and no piece.
            tokens[i].piece.clear();
        }
    }
    return tokens;
}

void check_ids(const Encoding& tokens, const InputLimits& limits) {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i].id >= 0 && tokens[i].id < limits.vocabulary) continue;
        throw Error(limits.where, "id at position " + std::to_string(i),
                    "0 to " + std::to_string(limits.vocabulary - 1), std::to_string(tokens[i].id));
    }
}

void need_tokenizer(const Tokenizer* tokenizer, const InputLimits& limits) {
    if (tokenizer != nullptr) return;
    throw Error(limits.where, "tokenizer", "tokenizer files for a text (or ids)", "none");
}

std::vector<int> ids_for(const GraphInput& input, const SequenceTokens& given,
                         const DeriveIds& derive) {
    if (input.name == "input_ids") return ids_of(given.tokens);
    if (input.name == "decoder_input_ids") return ids_of(given.target);
    if (input.name == "memory_ids") return ids_of(given.memory);
    if (input.name != "token_type_ids") return derive(input.name, ids_of(given.tokens));
    std::vector<int> types;
    for (const Token& token : given.tokens) types.push_back(token.type_id);
    return types;
}

void check_range(const std::vector<int>& ids, const GraphInput& input, const std::string& where) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (ids[i] >= 0 && ids[i] < input.limit) continue;
        throw Error(where, input.name + "[" + std::to_string(i) + "]",
                    "0 to " + std::to_string(input.limit - 1), std::to_string(ids[i]));
    }
}

std::vector<TokenLabel> make_labels(const Encoding& tokens) {
    std::vector<TokenLabel> labels;
    for (const Token& token : tokens) labels.push_back(make_label(token));
    return labels;
}

// Labels of tokens of another text than the sentence: the `text`th.
std::vector<TokenLabel> make_labels_of(const Encoding& tokens, int text) {
    std::vector<TokenLabel> labels = make_labels(tokens);
    for (TokenLabel& label : labels) label.text_index = text;
    return labels;
}

TokenLabel plain_label(std::string text) {
    TokenLabel label;
    label.text = std::move(text);
    return label;
}

// Labels of a sequence: its tokens, the places of its patches, those of its parts, else numbers.
std::vector<TokenLabel> labels_of(const Graph& graph, int number, const SequenceTokens& given) {
    const Sequence& sequence = graph.sequences().at(static_cast<std::size_t>(number));
    if (sequence.name == "tokens" && sequence.parts.empty()) return make_labels(given.tokens);
    if (sequence.name == "source") return make_labels(given.tokens);
    if (sequence.name == "target") return make_labels_of(given.target, kTargetText);
    if (sequence.name == "memory") return make_labels_of(given.memory, kMemoryText);
    std::vector<TokenLabel> labels;
    for (const SequencePart& part : sequence.parts) {
        if (part.sequence < 0) {
            labels.insert(labels.end(), static_cast<std::size_t>(part.count),
                          plain_label(part.label));
            for (auto it = labels.end() - part.count; it != labels.end(); ++it) {
                it->is_special = true;
            }
            continue;
        }
        const std::vector<TokenLabel> of_part = labels_of(graph, part.sequence, given);
        const auto first = of_part.begin() + part.begin;
        labels.insert(labels.end(), first, first + part.count);
    }
    if (!sequence.parts.empty()) return labels;
    for (int i = 0; i < sequence.length; ++i) {
        const int columns = sequence.grid.columns;
        labels.push_back(plain_label(columns > 0 ? std::to_string(i / columns) + "," +
                                                       std::to_string(i % columns)
                                                 : std::to_string(i)));
    }
    return labels;
}

}  // namespace

Encoding read_tokens(const ModelInput& input, const Tokenizer* tokenizer,
                     const InputLimits& limits) {
    Encoding tokens;
    if (input.text) {
        need_tokenizer(tokenizer, limits);
        std::optional<std::string_view> pair;
        if (input.pair) pair = *input.pair;
        tokens = tokenizer->encode(*input.text, pair, input.add_special);
    } else {
        tokens = tokens_of_ids(input.ids, tokenizer);
        if (!input.type_ids.empty() && input.type_ids.size() != input.ids.size()) {
            throw Error(limits.where, "type ids",
                        std::to_string(input.ids.size()) + ", one for each id",
                        std::to_string(input.type_ids.size()));
        }
        for (std::size_t i = 0; i < input.type_ids.size(); ++i) {
            tokens[i].type_id = input.type_ids[i];
        }
    }
    if (tokens.empty()) {
        throw Error(limits.where, input.text ? "text" : "input", "at least one token", "none");
    }
    check_ids(tokens, limits);
    return tokens;
}

Encoding read_target(const ModelInput& input, const Tokenizer* tokenizer,
                     const std::vector<int>& start, const InputLimits& limits) {
    const bool is_given = !input.target && !input.target_ids.empty();
    const Tokenizer* own = tokenizer == nullptr ? nullptr : &tokenizer->target();
    Encoding tokens = tokens_of_ids(is_given ? input.target_ids : start, own);
    if (input.target) {
        need_tokenizer(own, limits);
        const Encoding text = own->encode(*input.target, std::nullopt, false);
        tokens.insert(tokens.end(), text.begin(), text.end());
    }
    if (tokens.empty()) {
        throw Error(limits.where, "target", "at least one id for the decoder", "none");
    }
    check_ids(tokens, limits);
    return tokens;
}

Encoding read_memory(const ModelInput& input, const Tokenizer* tokenizer,
                     const InputLimits& limits) {
    Encoding tokens;
    if (input.memory) {
        need_tokenizer(tokenizer, limits);
        tokens = tokenizer->encode(*input.memory, std::nullopt, false);
    } else {
        tokens = tokens_of_ids(input.memory_ids, tokenizer);
    }
    check_ids(tokens, limits);
    return tokens;
}

Encoding cut_to_positions(Encoding tokens, int positions) {
    const auto limit = static_cast<std::size_t>(positions);
    if (tokens.size() <= limit) return tokens;
    std::size_t counts[2] = {0, 0};
    for (const Token& token : tokens) {
        if (token.text == 0 || token.text == 1) ++counts[token.text];
    }
    const std::size_t added = tokens.size() - counts[0] - counts[1];
    if (added > 0 && added < limit && counts[0] + counts[1] > 0) {
        std::size_t excess = tokens.size() - limit;
        for (; excess > 0; --excess) --counts[counts[0] > counts[1] ? 0 : 1];
        Encoding kept;
        for (Token& token : tokens) {
            const bool is_text = token.text == 0 || token.text == 1;
            if (is_text && counts[token.text] == 0) continue;
            if (is_text) --counts[token.text];
            kept.push_back(std::move(token));
        }
        return kept;
    }
    tokens.resize(limit);
    return tokens;
}

RunInputs make_inputs(const Graph& graph, const SequenceTokens& given, const std::string& where,
                      const DeriveIds& derive, std::vector<std::string>& notes) {
    RunInputs inputs;
    bool takes_types = false, takes_memory = false;
    for (const GraphInput& input : graph.inputs()) {
        takes_types = takes_types || input.name == "token_type_ids";
        takes_memory = takes_memory || input.name == "memory_ids";
        inputs.numbers.emplace_back();
        inputs.ids.emplace_back();
        if (input.takes_numbers()) {
            const std::span<const float> pixels = given.pixels->values();
            inputs.numbers.back().assign(pixels.begin(), pixels.end());
        } else {
            inputs.ids.back() = ids_for(input, given, derive);
            check_range(inputs.ids.back(), input, where);
        }
    }
    const bool has_types = std::any_of(given.tokens.begin(), given.tokens.end(),
                                       [](const Token& token) { return token.type_id != 0; });
    if (has_types && !takes_types) {
        notes.push_back("token types are left out: the model has none");
    }
    if (!given.memory.empty() && !takes_memory) {
        notes.push_back("the memory is left out: the model keeps none (its mem_len is 0)");
    }
    for (std::size_t i = 0; i < graph.sequences().size(); ++i) {
        inputs.labels.push_back(labels_of(graph, static_cast<int>(i), given));
    }
    return inputs;
}

}  // namespace heed
