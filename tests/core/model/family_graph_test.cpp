// The nodes of each family by name and shape, and what the heads of its classes add.
#include <doctest/doctest.h>

#include "core/model/registry.h"
#include "core/ops/op_table.h"
#include "tests/core/model/tiny_model.h"
#include "tests/support/refusal.h"

namespace heed::test {
namespace {

std::shared_ptr<const Graph> build(const std::string& config_text, int length) {
    const ModelConfig config = parse_config(config_text, "config.json");
    WeightSource shapes;
    return open_network(config, shapes)->build_graph({length, 0, 0});
}

// "name [T=3, D=6]" for the nodes whose names match `glob`.
std::vector<std::string> list(const Graph& graph, std::string_view glob) {
    std::vector<std::string> lines;
    for (const Node& node : graph.nodes()) {
        if (matches_glob(glob, node.name)) lines.push_back(node.name + " " + to_string(node.shape));
    }
    return lines;
}

std::vector<std::string> after_blocks(const Graph& graph) {
    std::vector<std::string> lines;
    for (const Node& node : graph.nodes()) {
        if (node.name.starts_with("blocks.")) lines.clear();
        if (!node.name.starts_with("blocks.")) {
            lines.push_back(node.name + " " + to_string(node.shape));
        }
    }
    return lines;
}

const std::vector<std::string> kAttention = {
    "blocks.1.attn.q [H=2, T=4, K=3]",       "blocks.1.attn.k [H=2, T=4, K=3]",
    "blocks.1.attn.v [H=2, T=4, K=3]",       "blocks.1.attn.dots [H=2, T=4, S=4]",
    "blocks.1.attn.scaled [H=2, T=4, S=4]",  "blocks.1.attn.masked [H=2, T=4, S=4]",
    "blocks.1.attn.pattern [H=2, T=4, S=4]", "blocks.1.attn.z [H=2, T=4, K=3]",
    "blocks.1.attn.concat [T=4, H*K=6]"};

using Lines = std::vector<std::string>;

TEST_SUITE_BEGIN("core/model/families");

TEST_CASE("bert has the nodes of a post-norm encoder") {
    const auto graph = build(tiny_bert("BertModel"), 4);
    CHECK(list(*graph, "*embed*") == Lines{"embed [T=4, D=6]", "pos_embed [T=4, D=6]",
                                           "type_embed [T=4, D=6]", "embed_sum [T=4, D=6]",
                                           "embed_out [T=4, D=6]"});
    Lines block = {"blocks.1.resid_pre [T=4, D=6]"};
    block.insert(block.end(), kAttention.begin(), kAttention.end());
    for (const char* name : {"attn_out [T=4, D=6]", "resid_mid [T=4, D=6]", "ln1 [T=4, D=6]",
                             "mlp.pre [T=4, F=5]", "mlp.post [T=4, F=5]", "mlp_out [T=4, D=6]",
                             "resid_sum [T=4, D=6]", "ln2 [T=4, D=6]", "resid_post [T=4, D=6]"}) {
        block.push_back(std::string("blocks.1.") + name);
    }
    CHECK(list(*graph, "blocks.1.*") == block);
    CHECK(after_blocks(*graph) ==
          Lines{"final [T=4, D=6]", "pooler.in [D=6]", "pooler.dense [D=6]", "pooled [D=6]"});
    CHECK(graph->attentions().size() == 2);
    CHECK(graph->attentions()[1].name == "blocks.1.attn");
    CHECK(graph->layers() == 2);
}

TEST_CASE("gpt2 has the nodes of a pre-norm decoder") {
    const auto graph = build(tiny_gpt2("GPT2LMHeadModel"), 4);
    CHECK(list(*graph, "*embed*") ==
          Lines{"embed [T=4, D=6]", "pos_embed [T=4, D=6]", "embed_out [T=4, D=6]"});
    Lines block = {"blocks.1.resid_pre [T=4, D=6]", "blocks.1.ln1 [T=4, D=6]"};
    block.insert(block.end(), kAttention.begin(), kAttention.end());
    for (const char* name :
         {"attn_out [T=4, D=6]", "resid_mid [T=4, D=6]", "ln2 [T=4, D=6]", "mlp.pre [T=4, F=24]",
          "mlp.post [T=4, F=24]", "mlp_out [T=4, D=6]", "resid_post [T=4, D=6]"}) {
        block.push_back(std::string("blocks.1.") + name);
    }
    CHECK(list(*graph, "blocks.1.*") == block);
    CHECK(after_blocks(*graph) ==
          Lines{"final [T=4, D=6]", "logits [T=4, V=11]", "probs [T=4, V=11]"});
}

TEST_CASE("each class has its head") {
    const auto heads = [](const std::string& config) {
        Lines lines = after_blocks(*build(config, 3));
        lines.erase(lines.begin());
        return lines;
    };
    CHECK(heads(tiny_bert("BertForMaskedLM")) ==
          Lines{"head.dense [T=3, D=6]", "head.act [T=3, D=6]", "head.norm [T=3, D=6]",
                "logits [T=3, V=11]", "probs [T=3, V=11]"});
    CHECK(heads(tiny_bert("BertLMHeadModel")) == heads(tiny_bert("BertForMaskedLM")));
    CHECK(heads(tiny_bert("BertForSequenceClassification", R"("num_labels": 4)")).back() ==
          "probs [P=4]");
    CHECK(heads(tiny_bert("BertForSequenceClassification", R"("num_labels": 1)")).back() ==
          "logits [P=1]");
    CHECK(heads(tiny_bert("BertForSequenceClassification",
                          R"("problem_type": "multi_label_classification")"))
              .back() == "logits [P=2]");
    CHECK(heads(tiny_bert("BertForTokenClassification",
                          R"("id2label": {"0": "a", "1": "b", "2": "c"})")) ==
          Lines{"logits [T=3, P=3]", "probs [T=3, P=3]"});
    CHECK(heads(tiny_bert("BertForNextSentencePrediction")).back() == "probs [P=2]");
    CHECK(heads(tiny_bert("BertForPreTraining")).back() == "next_sentence_probs [P=2]");
    CHECK(heads(tiny_bert("BertForQuestionAnswering")) == Lines{"logits [T=3, P=2]"});
    CHECK(heads(tiny_gpt2("GPT2Model")).empty());
    CHECK(heads(tiny_gpt2("GPT2ForSequenceClassification")) ==
          Lines{"score.in [D=6]", "logits [P=2]", "probs [P=2]"});
    CHECK(heads(tiny_gpt2("GPT2ForTokenClassification")) ==
          Lines{"logits [T=3, P=2]", "probs [T=3, P=2]"});
    CHECK(heads(tiny_gpt2("GPT2ForQuestionAnswering")) == Lines{"logits [T=3, P=2]"});
}

TEST_CASE("masks and scales follow the config") {
    const auto attributes = [](const std::string& config, std::string_view node) {
        const auto graph = build(config, 3);
        return graph->node(*graph->find(node)).attributes;
    };
    CHECK(attributes(tiny_bert("BertModel"), "blocks.0.attn.masked").mask == MaskRule::kNone);
    CHECK(attributes(tiny_bert("BertLMHeadModel", R"("is_decoder": true)"), "blocks.0.attn.masked")
              .mask == MaskRule::kCausal);
    CHECK(attributes(tiny_gpt2("GPT2Model"), "blocks.0.attn.masked").mask == MaskRule::kCausal);
    CHECK(attributes(tiny_bert("BertModel"), "blocks.0.attn.scaled").scale_text == "1 / sqrt(3)");
    const std::string unscaled = tiny_gpt2("GPT2Model", R"("scale_attn_weights": false)");
    CHECK(attributes(unscaled, "blocks.1.attn.scaled").scale == 1);
    const std::string by_layer =
        tiny_gpt2("GPT2Model", R"("scale_attn_by_inverse_layer_idx": true)");
    CHECK(attributes(by_layer, "blocks.1.attn.scaled").scale_text == "1 / sqrt(3) / 2");
    CHECK(attributes(by_layer, "blocks.1.attn.scaled").scale ==
          doctest::Approx(0.288675).epsilon(1e-5));
}

TEST_CASE("layers may be none") {
    const auto graph = build(R"({"model_type": "gpt2",
            "architectures": ["GPT2LMHeadModel"], "n_layer": 0})",
                             2);
    CHECK(graph->find("logits"));
    CHECK(graph->layers() == 0);
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::test
