#include "core/model/generation.h"

#include <algorithm>
#include <cstddef>

namespace heed {
namespace {

constexpr std::int64_t kMostId = 1 << 24;

bool has_id(const std::vector<int>& ids, int id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// One id of `list`; -1 stands for none in some files.
void add_id(const JsonReader& reader, std::string_view key, const Json& id, std::vector<int>& ids) {
    if (!id.is_integer || id.integer >= kMostId) reader.fail(key, "ids of tokens", &id);
    if (id.integer >= 0) ids.push_back(static_cast<int>(id.integer));
}

// A list of ids, or one alone.
std::vector<int> read_ids(const JsonReader& reader, std::string_view key) {
    std::vector<int> ids;
    if (!reader.has(key)) return ids;
    const Json& value = *reader.json().find(key);
    if (value.is_array()) {
        for (const Json& id : value.array) add_id(reader, key, id, ids);
    } else {
        add_id(reader, key, value, ids);
    }
    return ids;
}

// What may not be said as one token; a list of several forbids only their sequence.
void add_bad_words(const JsonReader& reader, std::vector<int>& ids) {
    const Json* words = reader.get_array("bad_words_ids");
    if (words == nullptr) return;
    for (const Json& word : words->array) {
        if (!word.is_array()) reader.fail("bad_words_ids", "lists of ids", &word);
        if (word.array.size() == 1) add_id(reader, "bad_words_ids", word.array.front(), ids);
    }
}

}  // namespace

bool GenerationRules::ends(int id) const {
    return has_id(end_ids, id);
}

GenerationRules read_generation_rules(const JsonReader& reader) {
    GenerationRules rules;
    rules.end_ids = read_ids(reader, "eos_token_id");
    rules.never = read_ids(reader, "suppress_tokens");
    add_bad_words(reader, rules.never);
    rules.never_first = read_ids(reader, "begin_suppress_tokens");
    const std::vector<int> first = read_ids(reader, "forced_bos_token_id");
    if (!first.empty()) rules.always_first = first.front();
    return rules;
}

std::optional<int> choose_next_id(std::span<const float> logits, const GenerationRules& rules,
                                  bool is_first) {
    const int count = static_cast<int>(logits.size());
    if (is_first && rules.always_first && *rules.always_first < count) return rules.always_first;
    std::optional<int> best;
    for (int id = 0; id < count; ++id) {
        const float logit = logits[static_cast<std::size_t>(id)];
        if (best && logit <= logits[static_cast<std::size_t>(*best)]) continue;
        const bool is_kept_back =
            has_id(rules.never, id) || (is_first && has_id(rules.never_first, id));
        if (!is_kept_back) best = id;
    }
    return best;
}

}  // namespace heed
