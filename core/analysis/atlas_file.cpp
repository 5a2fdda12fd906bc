#include "core/analysis/atlas_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/format/json.h"
#include "core/format/mapped_file.h"

namespace heed {

namespace {

constexpr std::size_t kMostBytes = std::size_t{8} << 20U;
constexpr std::int64_t kMost = 1'000'000'000;

std::string rounded(double value) {
    std::string text = fmt::format("{:.5f}", value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text += '0';
    return text == "-0.0" ? "0.0" : text;
}

// {"entropy": 1.2, ...}: those that there are.
std::string encode_metrics(const HeadMetrics& metrics) {
    std::string out = "{";
    for (int i = 0; i < kHeadMetricCount; ++i) {
        const auto metric = static_cast<HeadMetric>(i);
        if (!metrics[metric]) continue;
        if (out.size() > 1) out += ", ";
        out += quote_json(head_metric_row(metric).name) + ": " + rounded(*metrics[metric]);
    }
    return out + "}";
}

std::string encode_head(const Atlas& atlas, const AtlasHead& head) {
    std::string out = fmt::format(
        "    {{\"site\": {}, \"layer\": {}, \"head\": {},\n     \"measures\": {},\n"
        "     \"level\": {}",
        quote_json(head.site), head.layer, head.head, encode_metrics(head.measures),
        encode_metrics(head.level));
    if (head.repeats) {
        out += fmt::format(",\n     \"repeats\": {{\"value\": {}, \"level\": {}}}",
                           rounded(*head.repeats), rounded(head.repeats_level));
    }
    std::string pairs;
    for (std::size_t k = 0; k < atlas.kinds.size(); ++k) {
        if (!head.hits[k]) continue;
        pairs += (pairs.empty() ? "" : ", ") + quote_json(atlas.kinds[k].name) + ": " +
                 rounded(*head.hits[k]);
    }
    if (!pairs.empty()) out += ",\n     \"pairs\": {" + pairs + "}";
    std::string labels;
    for (const HeadLabel& label : list_head_labels(atlas, head)) {
        labels += fmt::format("{}{{\"text\": {}, \"value\": {}, \"baseline\": {}}}",
                              labels.empty() ? "" : ", ", quote_json(label.text),
                              rounded(label.value), rounded(label.baseline));
    }
    return out + ",\n     \"labels\": [" + labels + "]}";
}

HeadMetrics read_metrics(const JsonReader& head, const std::string& key, const std::string& where) {
    HeadMetrics metrics;
    const Json* object = head.get_object(key);
    if (object == nullptr) head.fail(key, "an object of measures", nullptr);
    const JsonReader reader(*object, where, head.field(key));
    for (int i = 0; i < kHeadMetricCount; ++i) {
        const auto metric = static_cast<HeadMetric>(i);
        const std::string name(head_metric_row(metric).name);
        if (reader.has(name)) metrics[metric] = reader.get_number(name, std::nullopt);
    }
    return metrics;
}

AtlasHead read_head(const Atlas& atlas, const Json& json, const std::string& where, int number) {
    const JsonReader reader(json, where, fmt::format("heads[{}]", number));
    AtlasHead head;
    head.site = reader.get_string("site", std::nullopt);
    head.layer = static_cast<int>(reader.get_int("layer", std::nullopt, 0, kMost));
    head.head = static_cast<int>(reader.get_int("head", std::nullopt, 0, kMost));
    head.measures = read_metrics(reader, "measures", where);
    head.level = read_metrics(reader, "level", where);
    if (const Json* repeats = reader.get_object("repeats")) {
        const JsonReader inner(*repeats, where, reader.field("repeats"));
        head.repeats = inner.get_number("value", std::nullopt);
        head.repeats_level = inner.get_number("level", std::nullopt);
    }
    head.hits.resize(atlas.kinds.size());
    if (const Json* pairs = reader.get_object("pairs")) {
        const JsonReader inner(*pairs, where, reader.field("pairs"));
        for (std::size_t k = 0; k < atlas.kinds.size(); ++k) {
            const std::string& name = atlas.kinds[k].name;
            if (inner.has(name)) head.hits[k] = inner.get_number(name, std::nullopt);
        }
    }
    return head;
}

AtlasKind read_kind(const Json& json, const std::string& where, int number) {
    const JsonReader reader(json, where, fmt::format("kinds[{}]", number));
    AtlasKind kind;
    kind.name = reader.get_string("name", std::nullopt);
    kind.is_across = reader.get_bool("across", std::nullopt);
    kind.count = static_cast<int>(reader.get_int("count", std::nullopt, 0, kMost));
    kind.offset = static_cast<int>(reader.get_int("offset", std::nullopt, -kMost, kMost));
    kind.baseline = reader.get_number("baseline", std::nullopt);
    kind.chance = reader.get_number("chance", 0);
    return kind;
}

// The objects of the list `key`, each given to add(json, number).
template <class Add>
void walk_objects(const JsonReader& reader, std::string_view key, const Add& add) {
    const Json* list = reader.get_array(key);
    if (list == nullptr) reader.fail(key, "a list", nullptr);
    for (std::size_t i = 0; i < list->array.size(); ++i) {
        if (!list->array[i].is_object()) reader.fail(key, "a list of objects", &list->array[i]);
        add(list->array[i], static_cast<int>(i));
    }
}

}  // namespace

std::string encode_atlas(const Atlas& atlas) {
    std::string out = fmt::format(
        "{{\n  \"model\": {},\n  \"texts\": {}, \"tokens\": {},\n  \"random\": {{\"sequences\": "
        "{}, "
        "\"period\": {}, \"seed\": {}}},\n  \"kinds\": [",
        quote_json(atlas.model), atlas.texts, atlas.tokens, atlas.sequences, atlas.period,
        atlas.seed);
    for (const AtlasKind& kind : atlas.kinds) {
        out += fmt::format(
            "{}\n    {{\"name\": {}, \"across\": {}, \"count\": {}, \"offset\": {}, "
            "\"baseline\": {}{}}}",
            &kind == &atlas.kinds.front() ? "" : ",", quote_json(kind.name), kind.is_across,
            kind.count, kind.offset, rounded(kind.baseline),
            kind.chance > 0 ? fmt::format(", \"chance\": {}", rounded(kind.chance)) : "");
    }
    out += "],\n  \"heads\": [";
    for (const AtlasHead& head : atlas.heads) {
        out += &head == &atlas.heads.front() ? "\n" : ",\n";
        out += encode_head(atlas, head);
    }
    return out + "]\n}\n";
}

Atlas read_atlas(const std::filesystem::path& path) {
    const std::string where = path.string();
    const Json json = parse_json(read_text_file(path, kMostBytes), where);
    if (!json.is_object()) throw Error(where, "", "an object", json.describe());
    const JsonReader reader(json, where);
    Atlas atlas;
    atlas.model = reader.get_string("model", "");
    atlas.texts = static_cast<int>(reader.get_int("texts", std::nullopt, 0, kMost));
    atlas.tokens = reader.get_int("tokens", 0, 0, kMost * kMost);
    if (const Json* random = reader.get_object("random")) {
        const JsonReader inner(*random, where, "random");
        atlas.sequences = static_cast<int>(inner.get_int("sequences", 0, 0, kMost));
        atlas.period = static_cast<int>(inner.get_int("period", 0, 0, kMost));
        atlas.seed = static_cast<std::uint64_t>(inner.get_int("seed", 0, 0, INT64_MAX));
    }
    walk_objects(reader, "kinds", [&](const Json& kind, int number) {
        atlas.kinds.push_back(read_kind(kind, where, number));
    });
    walk_objects(reader, "heads", [&](const Json& head, int number) {
        atlas.heads.push_back(read_head(atlas, head, where, number));
    });
    return atlas;
}

void check_atlas(const Atlas& atlas, const Graph& graph, const std::filesystem::path& path) {
    std::size_t heads = 0;
    for (const AttentionSite& site : graph.attentions()) {
        if (site.pattern) heads += static_cast<std::size_t>(site.heads);
    }
    if (atlas.heads.size() != heads) {
        throw Error(path.string(), "heads", fmt::format("the {} heads of the model", heads),
                    std::to_string(atlas.heads.size()));
    }
    for (const AtlasHead& head : atlas.heads) {
        const bool is_there = std::any_of(
            graph.attentions().begin(), graph.attentions().end(), [&](const AttentionSite& site) {
                return site.name == head.site && head.head < site.heads;
            });
        if (is_there) continue;
        throw Error(path.string(), "heads", "heads of the model",
                    fmt::format("{}, head {}", head.site, head.head));
    }
}

}  // namespace heed
