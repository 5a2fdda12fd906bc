#include "core/model/prepare.h"

#include <algorithm>
#include <utility>

#include "core/base/check.h"
#include "core/base/error.h"

namespace heed {
namespace {

Encoding tokens_of_ids(const ModelInput& input, const Tokenizer* tokenizer,
                       const InputLimits& limits) {
    if (!input.type_ids.empty() && input.type_ids.size() != input.ids.size()) {
        throw Error(limits.where, "type ids",
                    std::to_string(input.ids.size()) + ", one for each id",
                    std::to_string(input.type_ids.size()));
    }
    Encoding tokens(input.ids.size());
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        tokens[i].id = input.ids[i];
        if (!input.type_ids.empty()) tokens[i].type_id = input.type_ids[i];
        if (tokenizer == nullptr) continue;
        try {
            tokens[i].piece = tokenizer->piece(input.ids[i]);
            tokens[i].is_special = tokenizer->decode({input.ids[i]}).empty();
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

}  // namespace

Encoding read_tokens(const ModelInput& input, const Tokenizer* tokenizer,
                     const InputLimits& limits) {
    Encoding tokens;
    if (input.text) {
        if (tokenizer == nullptr) {
            throw Error(limits.where, "tokenizer", "tokenizer files for a text (or ids)", "none");
        }
        std::optional<std::string_view> pair;
        if (input.pair) pair = *input.pair;
        tokens = tokenizer->encode(*input.text, pair, input.add_special);
    } else {
        tokens = tokens_of_ids(input, tokenizer, limits);
    }
    if (tokens.empty()) {
        throw Error(limits.where, input.text ? "text" : "input", "at least one token", "none");
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

RunInputs make_inputs(const Graph& graph, const Encoding& tokens, const InputLimits& limits,
                      std::vector<std::string>& notes) {
    RunInputs inputs;
    bool takes_types = false;
    for (const GraphInput& input : graph.inputs()) {
        const bool is_types = input.name == "token_type_ids";
        HEED_CHECK(is_types || input.name == "input_ids");
        takes_types = takes_types || is_types;
        std::vector<int> ids;
        for (const Token& token : tokens) ids.push_back(is_types ? token.type_id : token.id);
        for (std::size_t i = 0; i < ids.size(); ++i) {
            if (ids[i] >= 0 && ids[i] < input.limit) continue;
            throw Error(limits.where, input.name + "[" + std::to_string(i) + "]",
                        "0 to " + std::to_string(input.limit - 1), std::to_string(ids[i]));
        }
        inputs.ids.push_back(std::move(ids));
    }
    const bool has_types = std::any_of(tokens.begin(), tokens.end(),
                                       [](const Token& token) { return token.type_id != 0; });
    if (has_types && !takes_types) {
        notes.push_back("token types are left out: the model has none");
    }
    std::vector<TokenLabel> labels;
    for (const Token& token : tokens) labels.push_back(make_label(token));
    inputs.labels.push_back(std::move(labels));
    return inputs;
}

}  // namespace heed
