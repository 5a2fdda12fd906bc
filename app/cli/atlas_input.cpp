#include "app/cli/atlas_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "core/base/error.h"
#include "core/format/json.h"
#include "core/format/mapped_file.h"

namespace heed::app {
namespace {

constexpr int kDecoderText = 2;  // TokenLabel::text_index

// Calls use(line, number) for every line that is not empty.
template <class Use>
void walk_lines(const std::string& path, const Use& use) {
    const MappedFile file(path);
    std::string_view rest = file.text();
    int number = 0;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        ++number;
        if (!line.empty()) use(line, number);
    }
}

bool is_inside_word(unsigned char byte) {
    return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z');
}

PlacedWord read_word(const Json& json, const JsonReader& entry, std::string_view key,
                     const std::string& where) {
    PlacedWord word;
    if (json.is_string()) {
        word.word = json.string;
    } else if (json.is_object()) {
        const JsonReader reader(json, where, entry.field(key));
        word.word = reader.get_string("word", std::nullopt);
        word.nth = static_cast<int>(reader.get_int("nth", 1, 1, 1'000'000));
    } else {
        entry.fail(key, "a word, or {word, nth}", &json);
    }
    if (word.word.empty()) entry.fail(key, "a word", &json);
    return word;
}

void read_pair_list(const JsonReader& entry, const std::string& where, AtlasPairs& out) {
    if (const Json* list = entry.get_array("pairs")) {
        for (const Json& pair : list->array) {
            if (!pair.is_array() || pair.array.size() != 2) {
                entry.fail("pairs", "lists of two words", &pair);
            }
            out.pairs.emplace_back(read_word(pair.array[0], entry, "pairs", where),
                                   read_word(pair.array[1], entry, "pairs", where));
        }
        return;
    }
    const Json* from = entry.json().find_non_null("from");
    const Json* to = entry.json().find_non_null("to");
    if (from == nullptr || to == nullptr) entry.fail("pairs", "pairs, or from and to", nullptr);
    out.pairs.emplace_back(read_word(*from, entry, "from", where),
                           read_word(*to, entry, "to", where));
}

// The largest that any line of the kind says.
void read_chance(const JsonReader& entry, double& chance) {
    const double value = entry.get_number("chance", 0);
    if (!(value >= 0 && value <= 1)) {
        entry.fail("chance", "a number from 0 to 1", entry.json().find("chance"));
    }
    chance = std::max(chance, value);
}

std::vector<int> locate_word(const PlacedWord& word, std::string_view text, int text_index,
                             std::span<const TokenLabel> labels, const std::string& where) {
    const auto bytes = find_word(text, word);
    if (!bytes) {
        throw Error(where, "pairs", "words of the text",
                    fmt::format("{} ({}. time)", in_quotes(word.word), word.nth));
    }
    return find_word_tokens(labels, text_index, bytes->first, bytes->second);
}

// Ids that stand for something of a text, so that decoding does not leave them out.
std::vector<int> list_plain_ids(const Model& model) {
    const Tokenizer* tokenizer = model.tokenizer().get();
    const int vocabulary = model.summary().vocabulary;
    std::vector<int> ids;
    for (int id = 0; id < vocabulary; ++id) {
        if (tokenizer != nullptr) {
            if (id >= tokenizer->vocabulary_size() || tokenizer->decode({id}).empty()) continue;
        }
        ids.push_back(id);
    }
    return ids;
}

}  // namespace

std::vector<AtlasText> read_atlas_texts(const std::string& path, bool has_targets, int limit) {
    std::vector<AtlasText> texts;
    walk_lines(path, [&](std::string_view line, int number) {
        if (limit > 0 && static_cast<int>(texts.size()) >= limit) return;
        AtlasText text{std::string(line), std::nullopt, number};
        const std::size_t tab = line.find('\t');
        if (has_targets) {
            if (tab == std::string_view::npos) {
                throw Error(fmt::format("{}:{}", path, number), "", "a text, a tab, its target",
                            in_quotes(std::string(line.substr(0, 80))));
            }
            text.text = std::string(line.substr(0, tab));
            text.target = std::string(line.substr(tab + 1, line.find('\t', tab + 1) - tab - 1));
        }
        texts.push_back(std::move(text));
    });
    if (texts.empty()) throw Error(path, "", "a line a text", "none");
    return texts;
}

AtlasPairFile read_atlas_pairs(const std::string& path) {
    AtlasPairFile file;
    walk_lines(path, [&](std::string_view line, int number) {
        const std::string where = fmt::format("{}:{}", path, number);
        const Json json = parse_json(line, where);
        if (!json.is_object()) throw Error(where, "", "an object", json.describe());
        const JsonReader reader(json, where);
        AtlasPairs entry;
        entry.text = {reader.get_string("text", std::nullopt), std::nullopt, number};
        if (reader.has("target")) entry.text.target = reader.get_string("target", std::nullopt);
        const std::string kind = reader.get_string("kind", std::nullopt);
        const auto at = std::find(file.kinds.begin(), file.kinds.end(), kind);
        entry.kind = static_cast<int>(at - file.kinds.begin());
        if (at == file.kinds.end()) {
            file.kinds.push_back(kind);
            file.chances.push_back(0);
        }
        read_chance(reader, file.chances[static_cast<std::size_t>(entry.kind)]);
        read_pair_list(reader, where, entry);
        file.entries.push_back(std::move(entry));
    });
    return file;
}

std::optional<std::pair<std::size_t, std::size_t>> find_word(std::string_view text,
                                                             const PlacedWord& word) {
    int seen = 0;
    for (std::size_t at = text.find(word.word); at != std::string_view::npos;
         at = text.find(word.word, at + 1)) {
        const std::size_t end = at + word.word.size();
        const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
        if (at > 0 && is_inside_word(byte(at - 1)) && is_inside_word(byte(at))) continue;
        if (end < text.size() && is_inside_word(byte(end)) && is_inside_word(byte(end - 1))) {
            continue;
        }
        if (++seen == word.nth) return std::pair(at, end);
    }
    return std::nullopt;
}

std::vector<ExpectedPair> locate_pairs(const AtlasPairs& entry, const Trace& trace,
                                       const std::string& path) {
    const std::string where = fmt::format("{}:{}", path, entry.text.line);
    const bool is_across = entry.text.target.has_value();
    std::vector<ExpectedPair> pairs;
    const std::vector<Sequence>& sequences = trace.graph().sequences();
    // The decoder's sequence is the one whose tokens come from its text.
    int queries = 0;
    for (std::size_t s = 0; is_across && s < sequences.size(); ++s) {
        for (const TokenLabel& label : trace.labels(static_cast<int>(s))) {
            if (label.text_index == kDecoderText) queries = static_cast<int>(s);
        }
    }
    for (const auto& [from, to] : entry.pairs) {
        ExpectedPair pair;
        pair.is_across = is_across;
        pair.from = locate_word(from, is_across ? *entry.text.target : entry.text.text,
                                is_across ? kDecoderText : 0, trace.labels(queries), where);
        pair.to = locate_word(to, entry.text.text, 0, trace.labels(0), where);
        // A word behind the end of a text that was cut has no tokens.
        if (!pair.from.empty() && !pair.to.empty()) pairs.push_back(std::move(pair));
    }
    return pairs;
}

RepeatedTokens make_repeated_tokens(const Model& model, int period, std::uint64_t seed) {
    RepeatedTokens made;
    std::vector<int> ids = list_plain_ids(model);
    if (ids.empty()) return made;
    std::mt19937_64 random(seed);
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    const auto length = static_cast<std::size_t>(period);
    std::vector<int> segment;
    for (std::size_t i = 0; i < length; ++i) {
        if (ids.size() < length) {
            segment.push_back(ids[below(ids.size())]);
            continue;
        }
        std::swap(ids[i], ids[i + below(ids.size() - i)]);
        segment.push_back(ids[i]);
    }
    Encoding frame;
    if (model.tokenizer() != nullptr) frame = model.tokenizer()->encode("", std::nullopt, true);
    // What a template puts around an empty text: the first half of it before, the rest behind.
    const std::size_t lead = (frame.size() + 1) / 2;
    for (std::size_t i = 0; i < lead; ++i) made.ids.push_back(frame[i].id);
    for (int time = 0; time < 2; ++time) {
        made.ids.insert(made.ids.end(), segment.begin(), segment.end());
    }
    for (std::size_t i = lead; i < frame.size(); ++i) made.ids.push_back(frame[i].id);
    made.lead = static_cast<int>(lead);
    return made;
}

}  // namespace heed::app
