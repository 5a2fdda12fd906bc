// The graph of a worksheet: one attention, told in the nodes of GPT-2's block 0.
#include <sstream>
#include <utility>

#include "core/base/error.h"
#include "core/model/blocks.h"
#include "core/model/worksheet.h"

namespace heed {
namespace {

constexpr float kNormEpsilon = 1e-5F;

// Tensors of a worksheet under the names of its fields.
class SheetWeights {
  public:
    WeightView add(const std::string& name, const std::string& symbol, const Shape& shape,
                   std::vector<float> values) {
        const auto held = std::make_shared<const std::vector<float>>(std::move(values));
        const WeightId id = store_->add(name, shape.extents(), [held] {
            return WeightValues{held, {held->data(), held->size()}};
        });
        return WeightView::whole(*store_, id, symbol, shape);
    }
    WeightView add(const std::string& name, const std::string& symbol, const SheetMatrix& matrix,
                   const char* rows, const char* cols) {
        return add(name, symbol, {{rows, matrix.rows}, {cols, matrix.cols}}, matrix.values);
    }
    std::shared_ptr<const WeightStore> store() const { return store_; }

  private:
    std::shared_ptr<WeightStore> store_ = std::make_shared<WeightStore>();
};

// One copy of the matrix for each head, on the diagonal: (H*K, H, K) out of (K, K).
std::vector<float> repeat_on_diagonal(const SheetMatrix& matrix, int heads) {
    const auto rows = static_cast<std::size_t>(matrix.rows);
    const auto cols = static_cast<std::size_t>(matrix.cols);
    const auto count = static_cast<std::size_t>(heads);
    std::vector<float> values(count * rows * count * cols, 0.0F);
    for (std::size_t h = 0; h < count; ++h) {
        for (std::size_t i = 0; i < rows; ++i) {
            for (std::size_t j = 0; j < cols; ++j) {
                values[((h * rows + i) * count + h) * cols + j] = matrix.values[i * cols + j];
            }
        }
    }
    return values;
}

class WorksheetModel : public Model {
  public:
    WorksheetModel(const Worksheet& sheet, const std::string& path);
    const ModelSummary& summary() const override { return summary_; }
    const std::shared_ptr<const WeightStore>& weights() const override { return store_; }
    const std::shared_ptr<const Tokenizer>& tokenizer() const override { return tokenizer_; }
    PreparedInput prepare(const ModelInput& input) const override;
    std::shared_ptr<const Graph> graph(int length) const override;

  private:
    void load_weights(const Worksheet& sheet);
    void summarise(const Worksheet& sheet, const std::string& path);
    std::shared_ptr<const Graph> build() const;
    NodeId project(GraphBuilder& b, const char* name, NodeId x,
                   const std::optional<WeightView>& weight) const;
    NodeId score(GraphBuilder& b, NodeId q, NodeId k) const;
    PatternRule pattern_rule() const;
    ScoreScale scale() const;

    Worksheet sheet_;
    ModelSummary summary_;
    std::optional<WeightView> keys_ND_, queries_ND_, positions_TD_;
    std::optional<WeightView> w_q_, w_k_, w_v_, w_o_, w_general_, w_score_;
    std::shared_ptr<const WeightStore> store_;
    std::shared_ptr<const Tokenizer> tokenizer_;
    std::shared_ptr<const Graph> graph_;
};

WorksheetModel::WorksheetModel(const Worksheet& sheet, const std::string& path) : sheet_(sheet) {
    load_weights(sheet);
    summarise(sheet, path);
    graph_ = build();
}

void WorksheetModel::load_weights(const Worksheet& sheet) {
    SheetWeights weights;
    keys_ND_ = weights.add("vectors", "X", sheet.vectors, "N", "D");
    if (sheet.query_vectors) {
        queries_ND_ = weights.add("query_vectors", "Y", *sheet.query_vectors, "N", "D");
    }
    if (sheet.position_rows) {
        positions_TD_ = weights.add("positions", "W_pos", *sheet.position_rows, "T", "D");
    }
    const auto into_heads = [&](const char* name, const char* symbol,
                                const std::optional<SheetMatrix>& matrix) {
        std::optional<WeightView> view;
        if (!matrix) return view;
        view = weights.add(name, symbol, *matrix, "D", "H*K");
        return std::optional(view->split(1, {"H", sheet.heads}, {"K", matrix->cols / sheet.heads}));
    };
    w_q_ = into_heads("w_q", "W_Q", sheet.w_q);
    w_k_ = into_heads("w_k", "W_K", sheet.w_k);
    w_v_ = into_heads("w_v", "W_V", sheet.w_v);
    if (sheet.w_o) w_o_ = weights.add("w_o", "W_O", *sheet.w_o, "H*K", "D");
    if (sheet.score == SheetScore::kGeneral) {
        const SheetMatrix& matrix = *sheet.w_general;
        w_general_ = weights.add(
            "w_general", "W",
            {{"H*K", sheet.heads * matrix.rows}, {"H", sheet.heads}, {"K", matrix.cols}},
            repeat_on_diagonal(matrix, sheet.heads));
    }
    if (sheet.score == SheetScore::kAdditive) {
        w_score_ =
            weights.add("w_score", "w_score", {{"K", sheet.w_score->cols}}, sheet.w_score->values);
    }
    store_ = weights.store();
}

void WorksheetModel::summarise(const Worksheet& sheet, const std::string& path) {
    summary_.name = sheet.name;
    summary_.family = "worksheet";
    summary_.path = path;
    summary_.architecture = "worksheet";
    summary_.tokenizer = "none";
    summary_.weight_type = "F32";
    summary_.layers = 1;
    summary_.heads = sheet.heads;
    summary_.key_heads = sheet.heads;
    summary_.d_model = sheet.vectors.cols;
    summary_.d_head = sheet.query_width();
    summary_.vocabulary = sheet.vectors.rows;
    summary_.positions = sheet.vectors.rows;
    summary_.parameters = store_->count();
    summary_.needs_input = false;
    summary_.note = sheet.note;
}

PreparedInput WorksheetModel::prepare(const ModelInput& input) const {
    PreparedInput prepared;
    prepared.graph = graph_;
    if (input.text || !input.ids.empty()) {
        prepared.notes.push_back("a worksheet has its own tokens: the input is left out");
    }
    for (const std::string& field : sheet_.unused) {
        prepared.notes.push_back("this worksheet's score does not use " + field);
    }
    const auto append = [&prepared](const std::vector<std::string>& words) {
        std::vector<int> ids;
        std::vector<TokenLabel> labels;
        std::size_t begin = prepared.inputs.text.size();
        for (const std::string& word : words) {
            TokenLabel label;
            label.text = word;
            label.piece = word;
            label.id = static_cast<int>(ids.size());
            label.begin = begin;
            label.end = begin + word.size();
            begin = label.end + 1;
            ids.push_back(label.id);
            labels.push_back(std::move(label));
        }
        prepared.inputs.ids.push_back(std::move(ids));
        prepared.inputs.labels.push_back(std::move(labels));
    };
    append(sheet_.tokens);
    if (!sheet_.query_tokens.empty()) append(sheet_.query_tokens);
    prepared.inputs.model = summary_.name;
    return prepared;
}

std::shared_ptr<const Graph> WorksheetModel::graph(int length) const {
    if (length != sheet_.vectors.rows) {
        throw Error(summary_.path, "number of tokens", std::to_string(sheet_.vectors.rows),
                    std::to_string(length));
    }
    return graph_;
}

std::shared_ptr<const Graph> WorksheetModel::build() const {
    GraphBuilder b;
    const int tokens = b.sequence("tokens", sheet_.vectors.rows);
    const int ids = b.ids("input_ids", tokens, sheet_.vectors.rows);
    NodeId x = b.gather("embed", *keys_ND_, ids, Stage::kEmbed);
    if (sheet_.positions == SheetPositions::kSinusoidal) {
        x = b.add("embed_out", {x, b.sinusoid("pos_embed", tokens, {"D", sheet_.vectors.cols})});
    } else if (sheet_.positions == SheetPositions::kRows) {
        x = b.add("embed_out", {x, b.table_rows("pos_embed", *positions_TD_, tokens, 0)});
    } else {
        x = b.alias("embed_out", x, Stage::kEmbed);
    }
    NodeId queries = x;
    if (queries_ND_) {
        const int asking = b.sequence("queries", sheet_.query_vectors->rows);
        const int query_ids = b.ids("query_ids", asking, sheet_.query_vectors->rows);
        queries = b.gather("query_embed", *queries_ND_, query_ids, Stage::kEmbed);
    }

    b.begin_block(0);
    const NodeId resid_pre = b.alias("resid_pre", queries, Stage::kEmbed);
    const NodeId q = project(b, "attn.q", resid_pre, w_q_);
    const NodeId keyed = queries_ND_ ? x : resid_pre;
    const NodeId k = project(b, "attn.k", keyed, w_k_);
    const NodeId v = project(b, "attn.v", keyed, w_v_);
    const NodeId concat = weigh_values(b, "attn", score(b, q, k), v, pattern_rule());
    NodeId out = w_o_ ? b.linear("attn_out", concat, *w_o_, std::nullopt, Stage::kProjectOut)
                      : b.alias("attn_out", concat, Stage::kProjectOut);
    b.attention_site("attn", out);
    if (sheet_.has_residual) out = b.add("resid_mid", {resid_pre, out});
    if (sheet_.has_norm) out = b.layer_norm("ln1", out, std::nullopt, std::nullopt, kNormEpsilon);
    const NodeId resid_post = b.alias("resid_post", out, Stage::kAdd);
    b.end_block();
    b.alias("final", resid_post, Stage::kAdd);
    return b.build();
}

NodeId WorksheetModel::project(GraphBuilder& b, const char* name, NodeId x,
                               const std::optional<WeightView>& weight) const {
    if (!weight) return b.split_heads(name, x, sheet_.heads, Stage::kProject);
    return b.linear(name, x, *weight, std::nullopt, Stage::kProject);  // [T,D][D,H,K] -> [H,T,K]
}

NodeId WorksheetModel::score(GraphBuilder& b, NodeId q, NodeId k) const {
    switch (sheet_.score) {
        case SheetScore::kDot:
        case SheetScore::kScaledDot:
            return b.matmul_nt("attn.dots", q, k);  // [H,T,K][H,S,K] -> [H,T,S]
        case SheetScore::kGeneral: {
            const NodeId joined = b.merge_heads("attn.q_concat", q);
            const NodeId turned = b.linear("attn.q_general", joined, *w_general_, std::nullopt,
                                           Stage::kScore);  // [T,H*K][H*K,H,K] -> [H,T,K]
            return b.matmul_nt("attn.dots", turned, k);
        }
        case SheetScore::kAdditive: {
            const NodeId sums = b.pair_sum("attn.sums", q, k);  // [H,T,S,K]
            const NodeId bent = b.activation("attn.tanh", sums, Activation::kTanh, Stage::kScore);
            return b.dot_weight("attn.dots", bent, *w_score_);
        }
    }
    throw Error(summary_.path, "score", "a score that heed knows", "another");
}

PatternRule WorksheetModel::pattern_rule() const {
    PatternRule rule;
    rule.scale = scale();
    rule.mask = sheet_.is_causal ? MaskRule::kCausal : MaskRule::kNone;
    rule.divide_by_sum = sheet_.divide_by_sum;
    return rule;
}

// What the dots are multiplied by; 1 where the score has no divisor.
ScoreScale WorksheetModel::scale() const {
    if (sheet_.score != SheetScore::kScaledDot) return {};
    if (!sheet_.divide_by) return inverse_root(sheet_.query_width());
    const double divisor = *sheet_.divide_by;
    std::ostringstream text;
    text << "1 / " << divisor;
    return {static_cast<float>(1 / divisor), text.str()};
}

}  // namespace

std::shared_ptr<const Model> make_worksheet_model(const Worksheet& sheet, const std::string& path) {
    return std::make_shared<WorksheetModel>(sheet, path);
}

}  // namespace heed
