#include "app/views/stage_list.h"

#include <algorithm>
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

StageGroup group_of(const Graph& graph, NodeId id) {
    if (graph.node(id).layer >= 0) return StageGroup::kLayer;
    for (NodeId before = id - 1; before >= 0; --before) {
        if (graph.node(before).layer >= 0) return StageGroup::kAfter;
    }
    return StageGroup::kBefore;
}

// Whether a node continues the open entry: neighbours of one name, and all that a prediction is
// prepared with.
bool continues(const StageEntry& open, const Naming& naming, const Node& node, StageGroup group) {
    if (open.group != group || open.tells_parts) return false;
    if (open.help == naming.help && open.name == naming.name) return true;
    const bool is_end = open.help == "pool" || open.help == "unembed";
    return is_end && group == StageGroup::kAfter &&
           (node.stage == Stage::kUnembed || node.stage == Stage::kNormalise);
}

void add_node(const Graph& graph, NodeId id, std::vector<NodeId>& waiting,
              std::vector<StageEntry>& entries) {
    const Node& node = graph.node(id);
    const StageGroup group = group_of(graph, id);
    if (node.op == Op::kAlias) {
        const bool has_open = !entries.empty() && entries.back().group == group;
        (has_open ? entries.back().aliases : waiting).push_back(id);
        return;
    }
    const Naming naming = name_stage(node, group);
    if (!entries.empty() && continues(entries.back(), naming, node, group)) {
        StageEntry& open = entries.back();
        open.nodes.push_back(id);
        if (open.help != "project q k v") open.shown = id;
        if (naming.help == "unembed") {
            open.name = naming.name;
            open.help = naming.help;
        }
        return;
    }
    if (node.stage == Stage::kWeigh) {
        entries.push_back({"\u00d7 values", "weigh", group, {id}, {}, id, true});
    }
    entries.push_back({naming.name, naming.help, group, {id}, std::move(waiting), id, false});
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
    for (NodeId id = 0; id < graph.size(); ++id) {
        const Node& node = graph.node(id);
        if (node.layer != layer && node.layer != -1) continue;
        if (entries.empty()) {
            entries.push_back({"tokens", "tokens", StageGroup::kBefore, {id}, {}, id, true});
        }
        add_node(graph, id, waiting, entries);
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
    if (layer >= 0 && layer != wanted.layer) {
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
