#include "core/graph/builder.h"

#include "core/base/check.h"

namespace heed {

GraphBuilder::GraphBuilder() : graph_(std::make_shared<Graph>()) {}

int GraphBuilder::sequence(std::string name, int length) {
    graph_->sequences_.push_back({std::move(name), length, {}, {}});
    return static_cast<int>(graph_->sequences_.size()) - 1;
}

int GraphBuilder::patches(std::string name, const PatchGrid& grid) {
    HEED_CHECK(grid.rows > 0 && grid.columns > 0);
    graph_->sequences_.push_back({std::move(name), grid.rows * grid.columns, grid, {}});
    return static_cast<int>(graph_->sequences_.size()) - 1;
}

int GraphBuilder::joined(std::string name, std::vector<SequencePart> parts) {
    Sequence sequence;
    sequence.name = std::move(name);
    for (const SequencePart& part : parts) {
        HEED_CHECK_LE(0, part.count);
        HEED_CHECK_LE(0, part.begin);
        sequence.length += part.count;
    }
    sequence.parts = std::move(parts);
    graph_->sequences_.push_back(std::move(sequence));
    return static_cast<int>(graph_->sequences_.size()) - 1;
}

int GraphBuilder::ids(std::string name, int sequence, int limit) {
    graph_->inputs_.push_back({std::move(name), sequence, limit, {}});
    return static_cast<int>(graph_->inputs_.size()) - 1;
}

int GraphBuilder::numbers(std::string name, Shape shape) {
    HEED_CHECK_LT(0, shape.rank());
    graph_->inputs_.push_back({std::move(name), -1, 0, std::move(shape)});
    return static_cast<int>(graph_->inputs_.size()) - 1;
}

Axis GraphBuilder::positions(int sequence) const {
    return {"T", graph_->sequences_.at(static_cast<std::size_t>(sequence)).length, sequence};
}

void GraphBuilder::update_prefix() {
    prefix_ = stack_;
    if (layer_ >= 0) prefix_ += "blocks." + std::to_string(layer_) + ".";
}

void GraphBuilder::begin_stack(std::string_view name) {
    HEED_CHECK(stack_.empty() && layer_ < 0);
    stack_ = std::string(name) + ".";
    update_prefix();
}

void GraphBuilder::end_stack() {
    stack_.clear();
    update_prefix();
}

void GraphBuilder::begin_block(int layer) {
    layer_ = layer;
    graph_->layers_ = std::max(graph_->layers_, layer + 1);
    update_prefix();
}

void GraphBuilder::end_block() {
    layer_ = -1;
    update_prefix();
}

const Shape& GraphBuilder::shape(NodeId id) const {
    return graph_->node(id).shape;
}

Operand GraphBuilder::operand(const WeightView& view) {
    graph_->weights_.push_back(view);
    return {OperandKind::kWeight, static_cast<int>(graph_->weights_.size()) - 1};
}

NodeId GraphBuilder::push(std::string_view name, Op op, std::vector<Operand> operands, Shape shape,
                          Stage stage, Attributes attributes, ValueKind kind) {
    const NodeId id = graph_->size();
    Node node;
    node.name = prefix_ + std::string(name);
    node.op = op;
    node.operands = std::move(operands);
    node.shape = std::move(shape);
    node.stage = stage;
    node.kind = kind;
    node.layer = layer_;
    node.attributes = std::move(attributes);
    const bool is_new = graph_->by_name_.emplace(node.name, id).second;
    if (!is_new) report_bug(__FILE__, __LINE__, "two nodes are called " + node.name);
    graph_->nodes_.push_back(std::move(node));
    return id;
}

NodeId GraphBuilder::gather(std::string_view name, const WeightView& table_ND, int ids,
                            Stage stage) {
    const GraphInput& input = graph_->inputs_.at(static_cast<std::size_t>(ids));
    HEED_CHECK_EQ(table_ND.shape.rank(), 2);
    HEED_CHECK_LE(input.limit, table_ND.shape.extent(0));
    return push(name, Op::kGather, {operand(table_ND), {OperandKind::kInput, ids}},
                {positions(input.sequence), table_ND.shape.axis(1)}, stage);
}

NodeId GraphBuilder::table_rows(std::string_view name, const WeightView& table_PD, int sequence,
                                int offset) {
    const int length = graph_->sequences_.at(static_cast<std::size_t>(sequence)).length;
    HEED_CHECK_EQ(table_PD.shape.rank(), 2);
    HEED_CHECK_LE(0, offset);
    HEED_CHECK_LE(offset + length, table_PD.shape.extent(0));
    Attributes attributes;
    attributes.offset = offset;
    return push(name, Op::kTableRows, {operand(table_PD)},
                {{"T", length, sequence}, table_PD.shape.axis(1)}, Stage::kPosition, attributes);
}

NodeId GraphBuilder::sinusoid(std::string_view name, int sequence, Axis width,
                              const SinusoidRule& rule) {
    Attributes attributes;
    attributes.sinusoid = rule;
    return push(name, Op::kSinusoid, {}, {positions(sequence), std::move(width)}, Stage::kPosition,
                std::move(attributes));
}

NodeId GraphBuilder::alias(std::string_view name, NodeId x, Stage stage) {
    const Node& source = graph_->node(x);
    return push(name, Op::kAlias, {operand(x)}, source.shape, stage, {}, source.kind);
}

NodeId GraphBuilder::add(std::string_view name, const std::vector<NodeId>& xs, Stage stage) {
    HEED_CHECK(!xs.empty());
    std::vector<Operand> operands;
    for (const NodeId x : xs) {
        HEED_CHECK_EQ(to_string(shape(x).extents()), to_string(shape(xs[0]).extents()));
        operands.push_back(operand(x));
    }
    return push(name, Op::kAdd, std::move(operands), shape(xs[0]), stage);
}

NodeId GraphBuilder::layer_norm(std::string_view name, NodeId x,
                                const std::optional<WeightView>& weight_D,
                                const std::optional<WeightView>& bias_D, float epsilon,
                                Stage stage) {
    Attributes attributes;
    attributes.epsilon = epsilon;
    std::vector<Operand> operands = {operand(x)};
    HEED_CHECK(weight_D || !bias_D);
    for (const auto& view : {weight_D, bias_D}) {
        if (!view) continue;
        HEED_CHECK_EQ(view->shape.rank(), 1);
        HEED_CHECK_EQ(view->shape.extent(0), shape(x).extent(-1 + shape(x).rank()));
        operands.push_back(operand(*view));
    }
    return push(name, Op::kLayerNorm, std::move(operands), shape(x), stage, attributes);
}

NodeId GraphBuilder::rms_norm(std::string_view name, NodeId x,
                              const std::optional<WeightView>& weight_D, float epsilon,
                              float weight_offset, Stage stage) {
    Attributes attributes;
    attributes.epsilon = epsilon;
    attributes.weight_offset = weight_offset;
    std::vector<Operand> operands = {operand(x)};
    if (weight_D) {
        HEED_CHECK_EQ(weight_D->shape.rank(), 1);
        HEED_CHECK_EQ(weight_D->shape.extent(0), shape(x).extent(-1 + shape(x).rank()));
        operands.push_back(operand(*weight_D));
    }
    return push(name, Op::kRmsNorm, std::move(operands), shape(x), stage, std::move(attributes));
}

std::shared_ptr<const RotaryTable> GraphBuilder::turns(const RotaryRule& rule, int length) {
    for (const Turns& known : turns_) {
        if (known.rule == rule && known.length == length) return known.table;
    }
    turns_.push_back(
        {rule, length, std::make_shared<const RotaryTable>(make_rotary_table(rule, length))});
    return turns_.back().table;
}

NodeId GraphBuilder::rotary(std::string_view name, NodeId x, RotaryRule rule) {
    HEED_CHECK_EQ(shape(x).rank(), 3);
    HEED_CHECK_LE(2 * rule.frequencies.size(), static_cast<std::size_t>(shape(x).extent(2)));
    Attributes attributes;
    attributes.turns = turns(rule, shape(x).extent(1));
    attributes.rotary = std::move(rule);
    return push(name, Op::kRotary, {operand(x)}, shape(x), Stage::kPosition, std::move(attributes));
}

NodeId GraphBuilder::gate(std::string_view name, NodeId gate, NodeId up, Activation activation,
                          Stage stage) {
    HEED_CHECK_EQ(to_string(shape(gate).extents()), to_string(shape(up).extents()));
    Attributes attributes;
    attributes.activation = activation;
    return push(name, Op::kGate, {operand(gate), operand(up)}, shape(gate), stage,
                std::move(attributes));
}

NodeId GraphBuilder::soft_cap(std::string_view name, NodeId x, float cap, Stage stage) {
    HEED_CHECK(cap > 0);
    Attributes attributes;
    attributes.cap = cap;
    return push(name, Op::kSoftCap, {operand(x)}, shape(x), stage, std::move(attributes));
}

NodeId GraphBuilder::alibi(std::string_view name, NodeId x, std::vector<float> slopes,
                           bool is_coarse) {
    HEED_CHECK_EQ(shape(x).rank(), 3);
    HEED_CHECK_EQ(slopes.size(), static_cast<std::size_t>(shape(x).extent(0)));
    Attributes attributes;
    attributes.slopes = std::move(slopes);
    attributes.has_coarse_bias = is_coarse;
    return push(name, Op::kAlibi, {operand(x)}, shape(x), Stage::kPosition, std::move(attributes));
}

NodeId GraphBuilder::bucket_bias(std::string_view name, NodeId x, const WeightView& table_BH,
                                 const BucketRule& rule) {
    HEED_CHECK_EQ(shape(x).rank(), 3);
    HEED_CHECK_EQ(table_BH.shape.rank(), 2);
    HEED_CHECK_EQ(table_BH.shape.extent(0), rule.buckets);
    HEED_CHECK_EQ(table_BH.shape.extent(1), shape(x).extent(0));
    Attributes attributes;
    attributes.buckets = rule;
    return push(name, Op::kBucketBias, {operand(x), operand(table_BH)}, shape(x), Stage::kPosition,
                std::move(attributes));
}

NodeId GraphBuilder::linear(std::string_view name, NodeId x, const WeightView& weight,
                            const std::optional<WeightView>& bias, Stage stage) {
    const Shape& in = shape(x);
    const Shape& w = weight.shape;
    HEED_CHECK(in.rank() == 1 || in.rank() == 2);
    HEED_CHECK(w.rank() == 2 || (w.rank() == 3 && in.rank() == 2));
    HEED_CHECK_EQ(in.extent(in.rank() - 1), w.extent(0));
    std::vector<Operand> operands = {operand(x), operand(weight)};
    if (bias) {
        HEED_CHECK_EQ(bias->shape.rank(), w.rank() - 1);
        for (int i = 0; i < bias->shape.rank(); ++i) {
            HEED_CHECK_EQ(bias->shape.extent(i), w.extent(i + 1));
        }
        operands.push_back(operand(*bias));
    }
    std::vector<Axis> out;
    if (w.rank() == 3) out.push_back(w.axis(1));
    if (in.rank() == 2) out.push_back(in.axis(0));
    out.push_back(w.axis(w.rank() - 1));
    return push(name, Op::kLinear, std::move(operands), Shape(std::move(out)), stage);
}

NodeId GraphBuilder::split_heads(std::string_view name, NodeId x, int heads, Stage stage) {
    const Shape& in = shape(x);
    HEED_CHECK_EQ(in.rank(), 2);
    HEED_CHECK_LT(0, heads);
    HEED_CHECK_EQ(in.extent(1) % heads, 0);
    return push(name, Op::kSplitHeads, {operand(x)},
                {{"H", heads}, in.axis(0), {"K", in.extent(1) / heads}}, stage);
}

NodeId GraphBuilder::merge_heads(std::string_view name, NodeId z) {
    const Shape& in = shape(z);
    HEED_CHECK_EQ(in.rank(), 3);
    return push(name, Op::kMergeHeads, {operand(z)},
                {in.axis(1), {"H*K", in.extent(0) * in.extent(2)}}, Stage::kConcatenate);
}

NodeId GraphBuilder::matmul_nt(std::string_view name, NodeId q, NodeId k) {
    const Shape& q_HTK = shape(q);
    const Shape& k_HSK = shape(k);
    HEED_CHECK_EQ(q_HTK.extent(2), k_HSK.extent(2));
    HEED_CHECK_EQ(q_HTK.extent(0) % k_HSK.extent(0), 0);
    Attributes attributes;
    attributes.group = q_HTK.extent(0) / k_HSK.extent(0);
    Axis keys = k_HSK.axis(1);
    keys.name = "S";
    return push(name, Op::kMatmulNt, {operand(q), operand(k)}, {q_HTK.axis(0), q_HTK.axis(1), keys},
                Stage::kScore, attributes);
}

NodeId GraphBuilder::scale(std::string_view name, NodeId x, float factor, std::string text,
                           Stage stage) {
    Attributes attributes;
    attributes.scale = factor;
    attributes.scale_text = std::move(text);
    return push(name, Op::kScale, {operand(x)}, shape(x), stage, std::move(attributes));
}

NodeId GraphBuilder::mask(std::string_view name, NodeId x, MaskRule rule, int offset) {
    HEED_CHECK_EQ(shape(x).rank(), 3);
    Attributes attributes;
    attributes.mask = rule;
    attributes.mask_offset = offset;
    return push(name, Op::kMask, {operand(x)}, shape(x), Stage::kMask, attributes);
}

NodeId GraphBuilder::mask_window(std::string_view name, NodeId x, MaskRule rule, int window,
                                 int offset) {
    HEED_CHECK_EQ(shape(x).rank(), 3);
    HEED_CHECK(rule == MaskRule::kWindow || rule == MaskRule::kBand);
    HEED_CHECK_LE(rule == MaskRule::kWindow ? 1 : 0, window);
    Attributes attributes;
    attributes.mask = rule;
    attributes.window = window;
    attributes.mask_offset = offset;
    return push(name, Op::kMask, {operand(x)}, shape(x), Stage::kMask, std::move(attributes));
}

NodeId GraphBuilder::softmax(std::string_view name, NodeId x, Stage stage) {
    return push(name, Op::kSoftmax, {operand(x)}, shape(x), stage, {}, ValueKind::kProbability);
}

NodeId GraphBuilder::normalise_sum(std::string_view name, NodeId x) {
    return push(name, Op::kNormaliseSum, {operand(x)}, shape(x), Stage::kSoftmax, {},
                ValueKind::kProbability);
}

NodeId GraphBuilder::matmul(std::string_view name, NodeId pattern, NodeId v) {
    const Shape& pattern_HTS = shape(pattern);
    const Shape& v_HSK = shape(v);
    HEED_CHECK_EQ(pattern_HTS.extent(2), v_HSK.extent(1));
    HEED_CHECK_EQ(pattern_HTS.extent(0) % v_HSK.extent(0), 0);
    Attributes attributes;
    attributes.group = pattern_HTS.extent(0) / v_HSK.extent(0);
    return push(name, Op::kMatmul, {operand(pattern), operand(v)},
                {pattern_HTS.axis(0), pattern_HTS.axis(1), v_HSK.axis(2)}, Stage::kWeigh,
                attributes);
}

NodeId GraphBuilder::activation(std::string_view name, NodeId x, Activation activation,
                                Stage stage) {
    Attributes attributes;
    attributes.activation = activation;
    return push(name, Op::kActivation, {operand(x)}, shape(x), stage, attributes);
}

NodeId GraphBuilder::take_row(std::string_view name, NodeId x, int row, Stage stage) {
    HEED_CHECK_EQ(shape(x).rank(), 2);
    HEED_CHECK_LE(0, row);
    HEED_CHECK_LT(row, shape(x).extent(0));
    Attributes attributes;
    attributes.offset = row;
    return push(name, Op::kTakeRow, {operand(x)}, {shape(x).axis(1)}, stage, attributes);
}

NodeId GraphBuilder::pair_sum(std::string_view name, NodeId q, NodeId k) {
    const Shape& q_HTK = shape(q);
    const Shape& k_HSK = shape(k);
    HEED_CHECK_EQ(q_HTK.extent(0), k_HSK.extent(0));
    HEED_CHECK_EQ(q_HTK.extent(2), k_HSK.extent(2));
    Axis keys = k_HSK.axis(1);
    keys.name = "S";
    return push(name, Op::kPairSum, {operand(q), operand(k)},
                {q_HTK.axis(0), q_HTK.axis(1), keys, q_HTK.axis(2)}, Stage::kScore);
}

NodeId GraphBuilder::dot_weight(std::string_view name, NodeId x, const WeightView& weight_K,
                                const std::optional<WeightView>& bias, Stage stage) {
    const Shape& in = shape(x);
    HEED_CHECK_LE(2, in.rank());
    HEED_CHECK_EQ(in.extent(-1), weight_K.shape.extent(0));
    std::vector<Operand> operands = {operand(x), operand(weight_K)};
    if (bias) {
        HEED_CHECK_EQ(bias->shape.count(), std::size_t{1});
        operands.push_back(operand(*bias));
    }
    std::vector<Axis> out;
    for (int i = 0; i + 1 < in.rank(); ++i) out.push_back(in.axis(i));
    return push(name, Op::kDotWeight, std::move(operands), Shape(std::move(out)), stage);
}

NodeId GraphBuilder::mean_rows(std::string_view name, NodeId x, Stage stage) {
    HEED_CHECK_EQ(shape(x).rank(), 2);
    return push(name, Op::kMeanRows, {operand(x)}, {shape(x).axis(1)}, stage);
}

NodeId GraphBuilder::recorded(std::string_view name, Shape shape, Stage stage, ValueKind kind,
                              int layer) {
    const NodeId id = push(name, Op::kRecorded, {}, std::move(shape), stage, {}, kind);
    graph_->nodes_.back().layer = layer;
    graph_->layers_ = std::max(graph_->layers_, layer + 1);
    return id;
}

void GraphBuilder::attention_site(std::string_view name, std::optional<NodeId> out,
                                  AttentionKind kind) {
    AttentionSite site;
    site.name = prefix_ + std::string(name);
    site.kind = kind;
    const auto find = [&](const char* part) { return graph_->find(site.name + "." + part); };
    site.q = find("q");
    site.k = find("k");
    site.v = find("v");
    site.dots = find("dots");
    site.scaled = find("scaled");
    site.masked = find("masked");
    site.pattern = find("pattern");
    site.z = find("z");
    site.concat = find("concat");
    site.out = out;
    HEED_CHECK(site.pattern.has_value());
    site.layer = graph_->node(*site.pattern).layer;
    const Shape& pattern_HTS = shape(*site.pattern);
    site.heads = pattern_HTS.extent(0);
    site.key_heads = site.k && shape(*site.k).rank() == 3 ? shape(*site.k).extent(0) : site.heads;
    site.d_head = site.q && shape(*site.q).rank() == 3 ? shape(*site.q).extent(2) : 0;
    site.query_sequence = pattern_HTS.axis(1).sequence;
    site.key_sequence = pattern_HTS.axis(2).sequence;
    graph_->attentions_.push_back(std::move(site));
}

// Parts may be of sequences that were declared later.
void GraphBuilder::check_parts() const {
    for (const Sequence& sequence : graph_->sequences_) {
        for (const SequencePart& part : sequence.parts) {
            if (part.sequence < 0) continue;
            HEED_CHECK_LT(part.sequence, static_cast<int>(graph_->sequences_.size()));
            HEED_CHECK_LE(part.begin + part.count, positions(part.sequence).extent);
        }
    }
}

std::shared_ptr<const Graph> GraphBuilder::build() {
    check_parts();
    graph_->consumers_.assign(static_cast<std::size_t>(graph_->size()), {});
    for (NodeId id = 0; id < graph_->size(); ++id) {
        for (const Operand& operand : graph_->node(id).operands) {
            if (operand.kind != OperandKind::kNode) continue;
            std::vector<NodeId>& readers = graph_->consumers_[static_cast<std::size_t>(operand.id)];
            if (readers.empty() || readers.back() != id) readers.push_back(id);
        }
    }
    std::shared_ptr<const Graph> done = std::move(graph_);
    graph_ = std::make_shared<Graph>();
    turns_.clear();
    end_block();
    end_stack();
    return done;
}

}  // namespace heed
