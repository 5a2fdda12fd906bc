#include "core/run/trace_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/format/json.h"
#include "core/format/npz.h"
#include "core/format/safetensors.h"
#include "core/graph/builder.h"

namespace heed {
namespace {

std::vector<std::int64_t> wide_extents(const Shape& shape) {
    const std::vector<int> extents = shape.extents();
    return {extents.begin(), extents.end()};
}

// Hands the values of a node on in runs of rows, so that a derived node never stands whole in
// memory.
void stream_node(const Trace& trace, NodeId id,
                 const std::function<void(std::span<const float>)>& sink) {
    constexpr int kRows = 64;
    const MatrixExtents extents = matrix_extents(trace.graph().node(id).shape);
    for (int outer = 0; outer < extents.outer; ++outer) {
        for (int row = 0; row < extents.rows; row += kRows) {
            const int end = std::min(row + kRows, extents.rows);
            std::optional<Tile> tile;
            while (!tile) tile = trace.read(id, {outer, outer + 1, row, end, 0, extents.cols});
            for (int r = row; r < end; ++r) {
                sink({tile->row(outer, r), static_cast<std::size_t>(extents.cols)});
            }
        }
    }
}

std::string dump_json(const nlohmann::json& json) {
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// The sequence called `name`; -1 where there is none.
int find_sequence(const Graph& graph, std::string_view name) {
    for (std::size_t i = 0; i < graph.sequences().size(); ++i) {
        if (graph.sequences()[i].name == name) return static_cast<int>(i);
    }
    return -1;
}

void describe_tokens(std::span<const TokenLabel> labels, const std::string& prefix,
                     SafetensorsMetadata& metadata) {
    nlohmann::json tokens = nlohmann::json::array();
    nlohmann::json ids = nlohmann::json::array();
    nlohmann::json special = nlohmann::json::array();
    for (const TokenLabel& label : labels) {
        tokens.push_back(label.piece.empty() ? label.text : label.piece);
        ids.push_back(label.id);
        special.push_back(label.is_special);
    }
    metadata[prefix + "special"] = dump_json(special);
    metadata[prefix + "tokens"] = dump_json(tokens);
    metadata[prefix + "ids"] = dump_json(ids);
}

SafetensorsMetadata describe_run(const Trace& trace, std::string_view version) {
    SafetensorsMetadata metadata = {{"heed", std::string(version)},
                                    {"model", trace.inputs().model},
                                    {"text", trace.inputs().text}};
    const int source = find_sequence(trace.graph(), "source");
    describe_tokens(trace.labels(std::max(source, 0)), "", metadata);
    const int target = find_sequence(trace.graph(), "target");
    if (target >= 0) {
        describe_tokens(trace.labels(target), "target_", metadata);
        metadata["target"] = trace.inputs().target;
    }
    if (!trace.inputs().pair.empty()) metadata["pair"] = trace.inputs().pair;
    for (auto& entry : metadata) entry.second = replace_invalid_utf8(entry.second);
    return metadata;
}

// What the name of a node tells of its place in the pass.
struct NodeFacts {
    std::string_view short_name;
    std::array<const char*, 3> axes;  // the last `rank` of them count
    Stage stage;
};
constexpr std::array kFacts = {
    NodeFacts{"embed", {"", "T", "D"}, Stage::kEmbed},
    NodeFacts{"pos_embed", {"", "T", "D"}, Stage::kPosition},
    NodeFacts{"type_embed", {"", "T", "D"}, Stage::kEmbed},
    NodeFacts{"embed_out", {"", "T", "D"}, Stage::kEmbed},
    NodeFacts{"q", {"H", "T", "K"}, Stage::kProject},
    NodeFacts{"k", {"H", "T", "K"}, Stage::kProject},
    NodeFacts{"v", {"H", "T", "K"}, Stage::kProject},
    NodeFacts{"rot_q", {"H", "T", "K"}, Stage::kProject},
    NodeFacts{"rot_k", {"H", "T", "K"}, Stage::kProject},
    NodeFacts{"dots", {"H", "T", "S"}, Stage::kScore},
    NodeFacts{"scaled", {"H", "T", "S"}, Stage::kScale},
    NodeFacts{"biased", {"H", "T", "S"}, Stage::kScale},
    NodeFacts{"capped", {"H", "T", "S"}, Stage::kScale},
    NodeFacts{"masked", {"H", "T", "S"}, Stage::kMask},
    NodeFacts{"pattern", {"H", "T", "S"}, Stage::kSoftmax},
    NodeFacts{"z", {"H", "T", "K"}, Stage::kWeigh},
    NodeFacts{"concat", {"", "T", "H*K"}, Stage::kConcatenate},
    NodeFacts{"attn_out", {"", "T", "D"}, Stage::kProjectOut},
    NodeFacts{"cross_attn_out", {"", "T", "D"}, Stage::kProjectOut},
    NodeFacts{"ln1", {"", "T", "D"}, Stage::kNormalise},
    NodeFacts{"ln2", {"", "T", "D"}, Stage::kNormalise},
    NodeFacts{"pre", {"", "T", "F"}, Stage::kFeedForward},
    NodeFacts{"up", {"", "T", "F"}, Stage::kFeedForward},
    NodeFacts{"post", {"", "T", "F"}, Stage::kFeedForward},
    NodeFacts{"mlp_out", {"", "T", "D"}, Stage::kFeedForward},
    NodeFacts{"logits", {"", "T", "V"}, Stage::kUnembed},
    NodeFacts{"logprobs", {"", "T", "V"}, Stage::kUnembed},
    NodeFacts{"probs", {"", "T", "V"}, Stage::kUnembed},
};
constexpr NodeFacts kOther = {"", {"H", "T", "D"}, Stage::kAdd};

const NodeFacts& facts_of(std::string_view name) {
    const auto found = std::find_if(kFacts.begin(), kFacts.end(), [&](const NodeFacts& facts) {
        return facts.short_name == short_name(name);
    });
    return found == kFacts.end() ? kOther : *found;
}

// 3 of "blocks.3.attn.q" and of "decoder.blocks.3.attn.q"; -1 outside the blocks.
int layer_of(std::string_view name) {
    constexpr std::string_view kBlocks = "blocks.";
    const std::size_t found = name.find(kBlocks);
    if (found == std::string_view::npos) return -1;
    const std::string_view rest = name.substr(found + kBlocks.size());
    int layer = -1;
    std::from_chars(rest.data(), rest.data() + rest.size(), layer);
    return layer > 9999 ? -1 : layer;
}

// The sequences of a file: what its nodes' names and the metadata tell of them.
class RecordedSequences {
  public:
    // `target` is the length of the decoder's; 0: there is none.
    RecordedSequences(GraphBuilder& builder, int length, int target)
        : builder_(builder), length_(length), target_length_(target) {
        builder.sequence("source", length);
        if (target > 0) target_ = builder.sequence("target", target);
    }

    // The sequence of an axis T or S of a node; -1 where it fits none.
    int find(std::string_view node, const Axis& axis) {
        const bool is_cross = node.find(".cross_attn.") != std::string_view::npos;
        const std::string_view last = short_name(node);
        const bool is_of_keys = axis.name == "S" || last == "k" || last == "v";
        const bool is_source = node.starts_with("encoder.") || (is_cross && is_of_keys);
        const int wanted = target_ < 0 || is_source ? 0 : target_;
        if (axis.extent == (wanted == 0 ? length_ : target_length_)) return wanted;
        if (last != "pattern") return -1;
        // A view needs to know whose positions a pattern is about.
        const auto found = others_.find(axis.extent);
        if (found != others_.end()) return found->second;
        return others_[axis.extent] =
                   builder_.sequence("positions " + std::to_string(axis.extent), axis.extent);
    }

    // Labels of all sequences; those that nothing is known of are numbered.
    std::vector<std::vector<TokenLabel>> labels(std::vector<TokenLabel> source,
                                                std::vector<TokenLabel> target) const {
        source.resize(static_cast<std::size_t>(length_));
        std::vector<std::vector<TokenLabel>> all{std::move(source)};
        if (target_ >= 0) {
            target.resize(static_cast<std::size_t>(target_length_));
            all.push_back(std::move(target));
        }
        all.resize(all.size() + others_.size());
        for (const auto& [extent, sequence] : others_) {
            std::vector<TokenLabel>& numbered = all[static_cast<std::size_t>(sequence)];
            numbered.resize(static_cast<std::size_t>(extent));
            for (int i = 0; i < extent; ++i) {
                numbered[static_cast<std::size_t>(i)].text = std::to_string(i);
            }
        }
        return all;
    }

  private:
    GraphBuilder& builder_;
    int length_ = 0;
    int target_length_ = 0;
    int target_ = -1;
    std::map<int, int> others_;  // extent -> sequence
};

Shape name_axes(const SafetensorsEntry& entry, const NodeFacts& facts,
                RecordedSequences& sequences) {
    std::vector<Axis> axes;
    const std::size_t rank = entry.extents.size();
    for (std::size_t i = 0; i < rank; ++i) {
        Axis axis;
        const std::size_t at = i + 3 - std::min<std::size_t>(rank, 3);
        axis.name = rank <= 3 ? facts.axes[at] : "A" + std::to_string(i);
        axis.extent = static_cast<int>(entry.extents[i]);
        const bool is_position = axis.name == "T" || axis.name == "S";
        if (is_position) axis.sequence = sequences.find(entry.name, axis);
        axes.push_back(axis);
    }
    return Shape(std::move(axes));
}

// The array of the metadata called `key`, one entry for each of `count` tokens; null where there is
// none.
Json read_array(const SafetensorsMetadata& metadata, const std::string& key, std::size_t count,
                bool (Json::*is_right)() const, std::string_view kind, const std::string& path) {
    const auto found = metadata.find(key);
    if (found == metadata.end()) return {};
    Json values = parse_json(found->second, path + ": " + key);
    if (!values.is_array() || values.array.size() != count) {
        throw Error(path, key,
                    std::to_string(count) + " " + std::string(kind) + ", one for each token",
                    values.describe());
    }
    for (const Json& value : values.array) {
        if (!(value.*is_right)()) throw Error(path, key, std::string(kind), value.describe());
    }
    return values;
}

// Tokens of the metadata with their ids and which of them are special, where these are there.
std::vector<TokenLabel> read_labels(const SafetensorsMetadata& metadata, const std::string& prefix,
                                    const std::string& path) {
    std::vector<TokenLabel> labels;
    const std::string of_tokens = prefix + "tokens";
    const auto tokens = metadata.find(of_tokens);
    if (tokens == metadata.end()) return labels;
    const Json pieces = parse_json(tokens->second, path + ": " + of_tokens);
    if (!pieces.is_array()) throw Error(path, of_tokens, "an array of strings", pieces.describe());
    for (const Json& piece : pieces.array) {
        if (!piece.is_string()) throw Error(path, of_tokens, "strings", piece.describe());
        TokenLabel label;
        label.piece = piece.string;
        label.text = piece.string;
        labels.push_back(std::move(label));
    }
    const Json ids =
        read_array(metadata, prefix + "ids", labels.size(), &Json::is_number, "numbers", path);
    const Json special =
        read_array(metadata, prefix + "special", labels.size(), &Json::is_bool, "booleans", path);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (ids.is_array()) labels[i].id = static_cast<int>(ids.array[i].integer);
        if (special.is_array()) labels[i].is_special = special.array[i].boolean;
    }
    return labels;
}

// Positions of the run: as many as there are tokens, else the queries of the first pattern, else
// the rows of the first matrix.
int find_length(const SafetensorsFile& file, const std::vector<TokenLabel>& labels) {
    if (!labels.empty()) return static_cast<int>(labels.size());
    for (const SafetensorsEntry& entry : file.entries()) {
        if (short_name(entry.name) == "pattern" && entry.extents.size() == 3) {
            return static_cast<int>(entry.extents[1]);
        }
    }
    for (const SafetensorsEntry& entry : file.entries()) {
        if (entry.extents.size() == 2) return static_cast<int>(entry.extents[0]);
    }
    return 0;
}

// Positions of the decoder, in the same way; 0 where the file has no node of one.
int find_target_length(const SafetensorsFile& file, const std::vector<TokenLabel>& labels) {
    if (!labels.empty()) return static_cast<int>(labels.size());
    for (const SafetensorsEntry& entry : file.entries()) {
        if (!entry.name.starts_with("decoder.") || entry.extents.size() < 2) continue;
        if (short_name(entry.name) == "pattern") return static_cast<int>(entry.extents[1]);
    }
    return 0;
}

std::string metadata_or_empty(const SafetensorsMetadata& metadata, const char* key) {
    const auto found = metadata.find(key);
    return found == metadata.end() ? "" : found->second;
}

void declare_attentions(GraphBuilder& builder, const std::vector<std::string>& names) {
    constexpr std::string_view kPattern = ".pattern";
    for (const std::string& name : names) {
        if (!name.ends_with(kPattern)) continue;
        const std::string site = name.substr(0, name.size() - kPattern.size());
        builder.attention_site(
            site, std::nullopt,
            site.ends_with("cross_attn") ? AttentionKind::kCross : AttentionKind::kSelf);
    }
}

}  // namespace

std::vector<NodeId> select_nodes(const Graph& graph, const std::vector<std::string>& globs) {
    std::vector<bool> is_chosen(static_cast<std::size_t>(graph.size()), globs.empty());
    for (const std::string& glob : globs) {
        bool matched = false;
        for (NodeId id = 0; id < graph.size(); ++id) {
            if (!matches_glob(glob, graph.node(id).name)) continue;
            is_chosen[static_cast<std::size_t>(id)] = true;
            matched = true;
        }
        if (!matched) {
            throw Error("--nodes", "", "a name or a glob of nodes (see `heed info`)",
                        in_quotes(glob) + ", which matches none");
        }
    }
    std::vector<NodeId> nodes;
    for (NodeId id = 0; id < graph.size(); ++id) {
        if (is_chosen[static_cast<std::size_t>(id)]) nodes.push_back(id);
    }
    return nodes;
}

void save_trace(const Trace& trace, const std::vector<NodeId>& nodes,
                const std::filesystem::path& path, std::string_view version) {
    const Graph& graph = trace.graph();
    if (path.extension() == ".npz") {
        NpzWriter writer(path);
        for (const NodeId id : nodes) {
            writer.begin_array(graph.node(id).name, wide_extents(graph.node(id).shape));
            stream_node(trace, id, [&](std::span<const float> row) { writer.append(row); });
        }
        writer.finish();
        return;
    }
    std::vector<SafetensorsSpec> specs;
    for (const NodeId id : nodes) {
        specs.push_back({graph.node(id).name, Dtype::kF32, wide_extents(graph.node(id).shape)});
    }
    SafetensorsWriter writer(path, specs, describe_run(trace, version));
    for (const NodeId id : nodes) {
        stream_node(trace, id, [&](std::span<const float> row) { writer.append(row); });
    }
    writer.finish();
}

std::shared_ptr<const Trace> load_trace(const std::filesystem::path& path) {
    const SafetensorsFile file(path);
    Trace::Parts parts;
    std::vector<TokenLabel> labels = read_labels(file.metadata(), "", file.path());
    std::vector<TokenLabel> target = read_labels(file.metadata(), "target_", file.path());
    GraphBuilder builder;
    RecordedSequences sequences(builder, find_length(file, labels),
                                find_target_length(file, target));
    std::vector<std::string> names;
    for (const SafetensorsEntry& entry : file.entries()) {
        const Tensor tensor = read_tensor(entry);
        const NodeFacts& facts = facts_of(entry.name);
        const bool is_weight =
            short_name(entry.name) == "pattern" || short_name(entry.name) == "probs";
        builder.recorded(entry.name, name_axes(entry, facts, sequences), facts.stage,
                         is_weight ? ValueKind::kProbability : ValueKind::kSigned,
                         layer_of(entry.name));
        const auto values =
            std::make_shared_for_overwrite<float[]>(std::max<std::size_t>(tensor.size(), 1));
        std::copy(tensor.values().begin(), tensor.values().end(), values.get());
        parts.values.push_back(values);
        if (entry.extents.size() == 3) names.push_back(entry.name);
    }
    declare_attentions(builder, names);
    parts.inputs.labels = sequences.labels(std::move(labels), std::move(target));
    parts.graph = builder.build();
    parts.inputs.model = metadata_or_empty(file.metadata(), "model");
    parts.inputs.text = metadata_or_empty(file.metadata(), "text");
    parts.inputs.target = metadata_or_empty(file.metadata(), "target");
    parts.inputs.pair = metadata_or_empty(file.metadata(), "pair");
    parts.facts.backend = "file";
    return std::make_shared<const Trace>(std::move(parts));
}

}  // namespace heed
