#include "app/gl/pass_count.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "app/gl/product_variants.h"
#include "core/base/check.h"

namespace heed::app {

namespace {

void add_command(const PassCommand& command, PassCost& cost) {
    ++cost.dispatches;
    if (command.has_barrier) ++cost.barriers;
    cost.flops += command.flops;
    cost.bytes += command.bytes;
}

// The variant whose macros a program has.
std::optional<std::size_t> find_variant(const ProgramKey& key) {
    const std::span<const ProductVariant> variants = product_variants();
    for (std::size_t i = 0; i < variants.size(); ++i) {
        const auto defines = variants[i].defines();
        if (key.file != variants[i].file || key.defines.size() < defines.size()) continue;
        if (std::equal(defines.begin(), defines.end(), key.defines.begin())) return i;
    }
    return std::nullopt;
}

int bytes_of_right(const ProgramKey& key) {
    for (const auto& [name, value] : key.defines) {
        if (name == "RIGHT_TYPE") return value == "0" ? 4 : 2;
    }
    return 4;
}

// What the groups of a product read: blocks of rows and columns for each step of the depth. A block
// takes two operations for each cell and step, so the operations tell how many steps there were;
// cells of blocks that are not full are counted as if they were not there.
double group_bytes(const ProductVariant& variant, const ProgramKey& key, double flops) {
    const double cells = static_cast<double>(variant.block_rows) * variant.block_cols;
    return flops / (2 * cells) * variant.bytes_per_depth(bytes_of_right(key));
}

}  // namespace

int PassCount::most_in_layer() const {
    const auto most = std::max_element(layer_dispatches.begin(), layer_dispatches.end());
    return most == layer_dispatches.end() ? 0 : *most;
}

PassCount count_pass(const Graph& graph, const CommandList& list) {
    PassCount count;
    count.layer_dispatches.resize(static_cast<std::size_t>(graph.layers()));
    std::map<NodeId, PassCost> nodes;
    std::map<std::size_t, ProgramCost> products;
    for (const PassCommand& command : list.commands) {
        add_command(command, count.all);
        int layer = -1;
        if (command.node >= 0) {
            add_command(command, nodes[command.node]);
            layer = graph.node(command.node).layer;
        }
        if (layer >= 0) {
            ++count.layer_dispatches.at(static_cast<std::size_t>(layer));
        } else {
            ++count.other_dispatches;
        }
        const ProgramKey& key = list.programs.at(static_cast<std::size_t>(command.program));
        const std::optional<std::size_t> variant = find_variant(key);
        if (!variant) continue;
        const ProductVariant& used = product_variants()[*variant];
        ProgramCost& program = products[*variant];
        program.name = used.name;
        add_command(command, program.cost);
        program.group_bytes += group_bytes(used, key, command.flops);
    }
    for (const auto& [node, cost] : nodes) count.nodes.push_back({node, cost});
    for (const auto& entry : products) count.products.push_back(entry.second);
    return count;
}

std::string describe_pass(const Graph& graph, const PassCount& count) {
    const auto line = [](std::string_view name, const PassCost& cost) {
        return fmt::format("{:32} {:>5} {:>12.3f} {:>12.3f} {:>8.1f}\n", name, cost.dispatches,
                           cost.flops * 1e-6, cost.bytes * 1e-6, cost.intensity());
    };
    std::string text =
        fmt::format("{:32} {:>5} {:>12} {:>12} {:>8}\n", "node", "calls", "MFLOP", "MB", "FLOP/B");
    for (const NodeCost& node : count.nodes) text += line(graph.node(node.node).name, node.cost);
    text += line("all", count.all);
    text += fmt::format("{} barriers; at most {} dispatches in a layer, {} outside\n\n",
                        count.all.barriers, count.most_in_layer(), count.other_dispatches);
    text += fmt::format("{:32} {:>5} {:>12} {:>12} {:>8} {:>16}\n", "product", "calls", "MFLOP",
                        "MB", "FLOP/B", "FLOP/B of groups");
    for (const ProgramCost& program : count.products) {
        std::string row = line(program.name, program.cost);
        row.pop_back();
        text += row + fmt::format(" {:>16.1f}\n", program.group_intensity());
    }
    return text;
}

}  // namespace heed::app
