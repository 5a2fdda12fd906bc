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

// What may not be said, alone or in a row. The end is never forbidden that way.
void add_bad_words(const JsonReader& reader, GenerationRules& rules) {
    const Json* words = reader.get_array("bad_words_ids");
    if (words == nullptr) return;
    for (const Json& word : words->array) {
        if (!word.is_array()) reader.fail("bad_words_ids", "lists of ids", &word);
        std::vector<int> ids;
        for (const Json& id : word.array) add_id(reader, "bad_words_ids", id, ids);
        if (ids.size() > 1)
            rules.never_in_a_row.push_back(std::move(ids));
        else if (ids.size() == 1 && !rules.ends(ids.front()))
            rules.never.push_back(ids.front());
    }
}

int read_length(const JsonReader& reader, std::string_view key) {
    return static_cast<int>(reader.get_int(key, 0, 0, kMostId));
}

bool ends_with(std::span<const int> ids, std::span<const int> end) {
    return ids.size() >= end.size() && std::ranges::equal(ids.last(end.size()), end);
}

// The ids that would complete what may not come in a row, or would repeat a run. As transformers
// has it, a row that is longer than all that went before is not looked for.
void add_forbidden_after(const GenerationRules& rules, std::span<const int> before,
                         std::vector<int>& ids) {
    for (const std::vector<int>& row : rules.never_in_a_row) {
        const std::span<const int> begin = std::span(row).first(row.size() - 1);
        if (row.size() <= before.size() && ends_with(before, begin)) ids.push_back(row.back());
    }
    const auto run = static_cast<std::size_t>(rules.unrepeated);
    if (run == 0 || before.size() < run) return;
    const std::span<const int> last = before.last(run - 1);
    for (std::size_t i = 0; i + run <= before.size(); ++i) {
        if (std::ranges::equal(before.subspan(i, run - 1), last)) {
            ids.push_back(before[i + run - 1]);
        }
    }
}

// A score that repetition makes less likely, whatever its sign.
double penalise(double score, double penalty) {
    return score < 0 ? score * penalty : score / penalty;
}

}  // namespace

bool GenerationRules::ends(int id) const {
    return has_id(end_ids, id);
}

GenerationRules read_generation_rules(const JsonReader& reader) {
    GenerationRules rules;
    rules.end_ids = read_ids(reader, "eos_token_id");
    rules.never = read_ids(reader, "suppress_tokens");
    add_bad_words(reader, rules);
    rules.never_first = read_ids(reader, "begin_suppress_tokens");
    const std::vector<int> first = read_ids(reader, "forced_bos_token_id");
    if (!first.empty()) rules.always_first = first.front();
    rules.always_last = read_ids(reader, "forced_eos_token_id");
    rules.least = read_length(reader, "min_length");
    rules.most = read_length(reader, "max_length");
    rules.unrepeated = read_length(reader, "no_repeat_ngram_size");
    rules.repetition = reader.get_number("repetition_penalty", 1.0);
    if (!(rules.repetition > 0)) {
        reader.fail("repetition_penalty", "a number above 0",
                    reader.json().find("repetition_penalty"));
    }
    return rules;
}

std::optional<int> choose_next_id(std::span<const float> logits, const GenerationRules& rules,
                                  std::span<const int> before, bool is_first) {
    const int count = static_cast<int>(logits.size());
    const int length = static_cast<int>(before.size());
    if (rules.most > 0 && length == rules.most - 1 && !rules.always_last.empty()) {
        const int last = *std::ranges::min_element(rules.always_last);
        if (last < count) return last;
    }
    if (is_first && rules.always_first && *rules.always_first < count) return rules.always_first;
    std::vector<int> kept_back = rules.never;
    const auto keep_back = [&kept_back](const std::vector<int>& ids) {
        kept_back.insert(kept_back.end(), ids.begin(), ids.end());
    };
    if (is_first) keep_back(rules.never_first);
    if (length < rules.least) keep_back(rules.end_ids);
    add_forbidden_after(rules, before, kept_back);
    std::optional<int> best;
    double best_score = 0;
    for (int id = 0; id < count; ++id) {
        double score = static_cast<double>(logits[static_cast<std::size_t>(id)]);
        const bool is_repeated =
            rules.repetition != 1 && std::ranges::find(before, id) != before.end();
        if (is_repeated) score = penalise(score, rules.repetition);
        if ((best && score <= best_score) || has_id(kept_back, id)) continue;
        best = id;
        best_score = score;
    }
    return best;
}

}  // namespace heed
