#include "app/views/stage_list.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace heed::app {

namespace {

struct Naming {
    std::string name;
    std::string help;
};

bool is_prediction(const Node& node) {
    const Shape& shape = node.shape;
    const bool is_decided = node.op == Op::kActivation && node.stage == Stage::kUnembed &&
                            node.attributes.activation == Activation::kSigmoid;
    if (is_decided) return true;
    return shape.rank() > 0 && (shape.axis(-1).name == "V" || shape.axis(-1).name == "P");
}

// "1 / sqrt(32)": a root; "1 / 8": a number; anything else: a factor.
std::string scale_name(const Attributes& attributes) {
    const std::string& text = attributes.scale_text;
    if (text.rfind("1 / sqrt(", 0) == 0) return "\u00f7 \u221ad_k";
    if (text.rfind("1 / ", 0) == 0) return "\u00f7 " + text.substr(4);
    return "scale";
}

Naming name_stage(const Node& node, StageGroup group) {
    switch (node.stage) {
        case Stage::kEmbed:
            if (short_name(node.name) == "type_embed") return {"segment", "segment"};
            if (node.op == Op::kPatches) return {"patches", "patches"};
            if (node.op == Op::kZeros || node.op == Op::kTakeRows || group == StageGroup::kLayer) {
                return {"memory", "memory"};
            }
            return {"embed", "embed"};
        case Stage::kPosition:
            return {"position", "position"};
        case Stage::kNormalise:
            if (group == StageGroup::kAfter) return {"final norm", "norm"};
            return {"norm", "norm"};
        case Stage::kProject:
            return {"q k v", "project q k v"};
        case Stage::kScore:
            return {"scores", "score"};
        case Stage::kScale:
            if (node.op == Op::kSoftCap) return {"soft cap", "soft cap"};
            return {scale_name(node.attributes), "scale"};
        case Stage::kMask:
            return {"mask", "mask"};
        case Stage::kSoftmax:
            if (node.op == Op::kNormaliseSum) return {"\u00f7 sum", "divide by sum"};
            return {"softmax", "softmax"};
        case Stage::kWeigh:
            return {"sum", "sum"};
        case Stage::kConcatenate:
            return {"join heads", "concatenate"};
        case Stage::kProjectOut:
            return {"project", "project out"};
        case Stage::kAdd:
            return {"add", group == StageGroup::kBefore ? "add positions" : "add"};
        case Stage::kFeedForward:
            return {"feed forward", "feed forward"};
        case Stage::kUnembed:
            return is_prediction(node) ? Naming{"predict", "unembed"} : Naming{"pool", "pool"};
    }
    return {stage_name(node.stage), stage_name(node.stage)};
}

// The stack that a node is in, by its name: "decoder" of "decoder.blocks.0.mlp.out"; "" where it is
// in none of `words`.
std::string_view stack_of(const Node& node, const std::vector<std::string>& words) {
    const std::string_view name = node.name;
    for (const std::string& word : words) {
        const bool begins = name.substr(0, word.size()) == word;
        if (begins && name.size() > word.size() && name[word.size()] == '.') return word;
    }
    return {};
}

bool is_of_cross(const Node& node) {
    return node.name.find(".cross_attn") != std::string::npos;  // "cross_attn.q", "cross_attn_out"
}

StageGroup group_of(const Graph& graph, NodeId id, const std::vector<std::string>& words) {
    if (graph.node(id).layer >= 0) return StageGroup::kLayer;
    const std::string_view stack = stack_of(graph.node(id), words);
    for (NodeId before = id - 1; before >= 0; --before) {
        const Node& node = graph.node(before);
        if (node.layer >= 0 && (stack.empty() || stack_of(node, words) == stack)) {
            return StageGroup::kAfter;
        }
    }
    return StageGroup::kBefore;
}

// The layer of each stack that is listed.
int layer_of_stack(const Graph& graph, std::string_view stack,
                   const std::vector<std::string>& words, int layer) {
    int last = -1;
    for (const Node& node : graph.nodes()) {
        if (stack_of(node, words) == stack) last = std::max(last, node.layer);
    }
    return std::min(layer, last);
}

// Whether a node continues the open entry: neighbours of one name, and all that a prediction is
// prepared with.
bool continues(const StageEntry& open, const Naming& naming, const Node& node, StageGroup group,
               const std::string& part) {
    if (open.group != group || open.part != part || open.tells_parts) return false;
    if (open.help == naming.help && open.name == naming.name) return true;
    const bool is_end = open.help == "pool" || open.help == "unembed";
    return is_end && group == StageGroup::kAfter &&
           (node.stage == Stage::kUnembed || node.stage == Stage::kNormalise);
}

// The entry, between the projections and their product, that a node of queries or keys belongs to:
// what is done to both is one stage, also where the graph does all to the queries first.
StageEntry* find_twin(std::vector<StageEntry>& entries, const Naming& naming,
                      const std::string& part) {
    StageEntry* twin = nullptr;
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
        if (entry->group != StageGroup::kLayer || entry->part != part) return nullptr;
        if (entry->help == "project q k v") return twin;
        if (entry->help == "score") return nullptr;
        if (entry->help == naming.help && entry->name == naming.name) twin = &*entry;
    }
    return nullptr;
}

void add_node(const Graph& graph, NodeId id, const std::vector<std::string>& words,
              std::vector<NodeId>& waiting, std::vector<StageEntry>& entries) {
    const Node& node = graph.node(id);
    const StageGroup group = group_of(graph, id, words);
    std::string part;
    if (words.size() > 1) part = is_of_cross(node) ? "cross" : stack_of(node, words);
    if (node.op == Op::kAlias) {
        const bool has_open = !entries.empty() && entries.back().group == group;
        (has_open ? entries.back().aliases : waiting).push_back(id);
        return;
    }
    const Naming naming = name_stage(node, group);
    if (!entries.empty() && continues(entries.back(), naming, node, group, part)) {
        StageEntry& open = entries.back();
        open.nodes.push_back(id);
        if (open.help != "project q k v") open.shown = id;
        if (naming.help == "unembed") {
            open.name = naming.name;
            open.help = naming.help;
        }
        return;
    }
    if (StageEntry* twin = find_twin(entries, naming, part); twin != nullptr) {
        twin->nodes.push_back(id);
        twin->shown = id;
        return;
    }
    if (node.stage == Stage::kWeigh) {
        entries.push_back({"\u00d7 values", "weigh", group, part, {id}, {}, id, true});
    }
    entries.push_back(
        {naming.name, naming.help, group, std::move(part), {id}, std::move(waiting), id, false});
    waiting.clear();
}

bool has_node(const StageEntry& entry, NodeId node) {
    const auto holds = [node](const std::vector<NodeId>& nodes) {
        return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
    };
    return holds(entry.nodes) || holds(entry.aliases);
}

}  // namespace

std::vector<StageEntry> list_stages(const Graph& graph, int layer) {
    std::vector<StageEntry> entries;
    std::vector<NodeId> waiting;  // aliases before the first stage of their group
    const std::vector<std::string> words = list_site_words(graph);
    std::map<std::string_view, int> layers;
    for (NodeId id = 0; id < graph.size(); ++id) {
        const Node& node = graph.node(id);
        const std::string_view stack = stack_of(node, words);
        if (!stack.empty() && layers.find(stack) == layers.end()) {
            layers[stack] = layer_of_stack(graph, stack, words, layer);
        }
        const int listed = stack.empty() ? layer : layers[stack];
        if (node.layer != listed && node.layer != -1) continue;
        if (entries.empty() && node.op != Op::kPatches) {
            entries.push_back({"tokens", "tokens", StageGroup::kBefore, "", {id}, {}, id, true});
        }
        add_node(graph, id, words, waiting, entries);
    }
    if (!entries.empty()) {
        std::vector<NodeId>& last = entries.back().aliases;
        last.insert(last.end(), waiting.begin(), waiting.end());
    }
    return entries;
}

int find_stage(const std::vector<StageEntry>& stages, NodeId node, bool tells_parts) {
    int found = -1;
    for (std::size_t i = 0; i < stages.size(); ++i) {
        if (!has_node(stages[i], node)) continue;
        if (stages[i].tells_parts == tells_parts) return static_cast<int>(i);
        found = static_cast<int>(i);
    }
    return found;
}

Selection keep_stage(const Graph& graph, const Selection& asked, Selection wanted) {
    wanted = clamp_selection(graph, std::move(wanted));
    const std::optional<NodeId> before = graph.find(asked.node);
    if (!before) return ask_pattern(graph, std::move(wanted));
    std::string name = asked.node;
    const int layer = graph.node(*before).layer;
    const AttentionSite* from = find_site(graph, asked);
    const AttentionSite* to = find_site(graph, wanted);
    if (from != nullptr && to != nullptr && asked.site != wanted.site) {
        if (name.rfind(from->name + ".", 0) != 0) return ask_pattern(graph, std::move(wanted));
        name.replace(0, from->name.size(), to->name);
    } else if (layer >= 0 && layer != wanted.layer) {
        const std::string old_block = "blocks." + std::to_string(layer) + ".";
        const std::size_t at = name.find(old_block);
        if (at == std::string::npos) return ask_pattern(graph, std::move(wanted));
        name.replace(at, old_block.size(), "blocks." + std::to_string(wanted.layer) + ".");
    }
    const std::optional<NodeId> after = graph.find(name);
    if (!after) return ask_pattern(graph, std::move(wanted));
    Selection kept = ask_node(graph, std::move(wanted), *after);
    const Shape& shape = graph.node(*after).shape;
    for (std::size_t i = 0; i < kept.cell.size() && i < asked.cell.size(); ++i) {
        const std::string& axis = shape.axis(static_cast<int>(i)).name;
        if (axis != "H" && axis != "T" && axis != "S") kept.cell[i] = asked.cell[i];
    }
    return clamp_selection(graph, std::move(kept));
}

}  // namespace heed::app
