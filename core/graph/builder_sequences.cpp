// The builder's nodes that make sequences out of others, and those of distances and clusters.
#include "core/base/check.h"
#include "core/graph/builder.h"

namespace heed {

NodeId GraphBuilder::pick_row(std::string_view name, NodeId x, int ids, Stage stage) {
    HEED_CHECK_EQ(shape(x).rank(), 2);
    const GraphInput& input = graph_->inputs_.at(static_cast<std::size_t>(ids));
    HEED_CHECK(!input.takes_numbers());
    HEED_CHECK_LE(1, positions(input.sequence).extent);
    HEED_CHECK_LE(input.limit, shape(x).extent(0));
    return push(name, Op::kPickRow, {operand(x), {OperandKind::kInput, ids}}, {shape(x).axis(1)},
                stage);
}

NodeId GraphBuilder::head_bias(std::string_view name, NodeId x, const WeightView& bias_HK) {
    HEED_CHECK_EQ(shape(x).rank(), 3);
    HEED_CHECK_EQ(bias_HK.shape.rank(), 2);
    HEED_CHECK_EQ(bias_HK.shape.extent(0), shape(x).extent(0));
    HEED_CHECK_EQ(bias_HK.shape.extent(1), shape(x).extent(2));
    return push(name, Op::kHeadBias, {operand(x), operand(bias_HK)}, shape(x), Stage::kScore);
}

NodeId GraphBuilder::distance_dots(std::string_view name, NodeId q, NodeId r, NodeId k,
                                   int keys_before) {
    const Shape& q_HTK = shape(q);
    HEED_CHECK(q_HTK.rank() == 3 && shape(r).rank() == 3 && shape(k).rank() == 3);
    HEED_CHECK_LE(0, keys_before);
    HEED_CHECK_EQ(q_HTK.extent(0), shape(r).extent(0));
    HEED_CHECK_EQ(q_HTK.extent(2), shape(r).extent(2));
    HEED_CHECK_LE(q_HTK.extent(1) + keys_before, shape(r).extent(1));
    Axis keys = shape(k).axis(1);
    keys.name = "S";
    Attributes attributes;
    attributes.offset = keys_before;
    return push(name, Op::kDistanceDots, {operand(q), operand(r)},
                {q_HTK.axis(0), q_HTK.axis(1), keys}, Stage::kScore, std::move(attributes));
}

NodeId GraphBuilder::log_softmax(std::string_view name, NodeId x, Stage stage) {
    return push(name, Op::kLogSoftmax, {operand(x)}, shape(x), stage);
}

NodeId GraphBuilder::cluster_logprobs(std::string_view name, NodeId head,
                                      const std::vector<NodeId>& tails, std::vector<int> clusters,
                                      Axis vocabulary) {
    HEED_CHECK_EQ(clusters.size(), tails.size() + 1);
    HEED_CHECK_EQ(clusters[0], 0);
    std::vector<Operand> operands = {operand(head)};
    for (std::size_t i = 0; i < clusters.size(); ++i) {
        const int end = i < tails.size() ? clusters[i + 1] : vocabulary.extent;
        const int words = end - clusters[i];
        if (i == 0) {
            HEED_CHECK_EQ(shape(head).extent(1), words + static_cast<int>(tails.size()));
        } else {
            HEED_CHECK_EQ(shape(tails[i - 1]).extent(1), words);
            operands.push_back(operand(tails[i - 1]));
        }
    }
    Attributes attributes;
    attributes.clusters = std::move(clusters);
    return push(name, Op::kClusterLogprobs, std::move(operands),
                {shape(head).axis(0), std::move(vocabulary)}, Stage::kUnembed,
                std::move(attributes));
}

NodeId GraphBuilder::cluster_embed(std::string_view name, const std::vector<Cluster>& clusters,
                                   int ids) {
    std::vector<Operand> operands = {{OperandKind::kInput, ids}};
    Attributes attributes;
    int first = 0;
    HEED_CHECK(!clusters.empty());
    for (const Cluster& cluster : clusters) {
        HEED_CHECK_EQ(cluster.map_ED.shape.extent(1), clusters.front().map_ED.shape.extent(1));
        HEED_CHECK_EQ(cluster.table_NE.shape.extent(1), cluster.map_ED.shape.extent(0));
        operands.push_back(operand(cluster.table_NE));
        operands.push_back(operand(cluster.map_ED));
        attributes.clusters.push_back(first);
        first += cluster.table_NE.shape.extent(0);
    }
    const GraphInput& input = graph_->inputs_.at(static_cast<std::size_t>(ids));
    HEED_CHECK_LE(input.limit, first);
    return push(name, Op::kClusterEmbed, std::move(operands),
                {positions(input.sequence), clusters.front().map_ED.shape.axis(1)}, Stage::kEmbed,
                std::move(attributes));
}

NodeId GraphBuilder::patches(std::string_view name, int numbers, int sequence,
                             const PatchSize& patch) {
    const Shape& picture = graph_->inputs_.at(static_cast<std::size_t>(numbers)).numbers;
    HEED_CHECK_EQ(picture.rank(), 3);
    HEED_CHECK(patch.height > 0 && patch.width > 0);
    HEED_CHECK_EQ(picture.extent(1) / patch.height * (picture.extent(2) / patch.width),
                  positions(sequence).extent);
    Attributes attributes;
    attributes.patch = patch;
    return push(name, Op::kPatches, {{OperandKind::kInput, numbers}},
                {positions(sequence), {"C*Y*X", picture.extent(0) * patch.height * patch.width}},
                Stage::kEmbed, std::move(attributes));
}

NodeId GraphBuilder::concat_rows(std::string_view name, int sequence,
                                 const std::vector<Rows>& parts) {
    HEED_CHECK(!parts.empty());
    std::vector<Operand> operands;
    Axis width;
    int rows = 0;
    for (const Rows& part : parts) {
        const Shape& source = part.weight ? part.weight->shape : shape(part.node);
        HEED_CHECK_EQ(source.rank(), 2);
        if (!operands.empty()) HEED_CHECK_EQ(source.extent(1), width.extent);
        width = source.axis(1);
        rows += source.extent(0);
        operands.push_back(part.weight ? operand(*part.weight) : operand(part.node));
    }
    HEED_CHECK_EQ(rows, positions(sequence).extent);
    return push(name, Op::kConcatRows, std::move(operands), {positions(sequence), width},
                Stage::kEmbed);
}

NodeId GraphBuilder::concat_columns(std::string_view name, const std::vector<NodeId>& parts) {
    HEED_CHECK(!parts.empty());
    std::vector<Operand> operands;
    Axis columns = shape(parts.front()).axis(1);
    columns.extent = 0;
    for (const NodeId part : parts) {
        HEED_CHECK_EQ(shape(part).rank(), 2);
        HEED_CHECK_EQ(shape(part).extent(0), shape(parts.front()).extent(0));
        columns.extent += shape(part).extent(1);
        operands.push_back(operand(part));
    }
    return push(name, Op::kConcatColumns, std::move(operands),
                {shape(parts.front()).axis(0), columns}, Stage::kUnembed);
}

NodeId GraphBuilder::take_rows(std::string_view name, NodeId x, int sequence, int first) {
    HEED_CHECK_EQ(shape(x).rank(), 2);
    HEED_CHECK_LE(0, first);
    HEED_CHECK_LE(first + positions(sequence).extent, shape(x).extent(0));
    Attributes attributes;
    attributes.offset = first;
    return push(name, Op::kTakeRows, {operand(x)}, {positions(sequence), shape(x).axis(1)},
                Stage::kEmbed, std::move(attributes));
}

NodeId GraphBuilder::zeros(std::string_view name, int sequence, Axis width) {
    return push(name, Op::kZeros, {}, {positions(sequence), std::move(width)}, Stage::kEmbed);
}

}  // namespace heed
