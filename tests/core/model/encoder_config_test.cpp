// What configs say of BERT's relatives and of ModernBERT: defaults, refusals, graphs.
#include <doctest/doctest.h>

#include "core/model/registry.h"
#include "tests/support/refusal.h"

namespace heed::test {
namespace {

std::unique_ptr<Network> open(const std::string& text) {
    const ModelConfig config = parse_config(text, "config.json");
    WeightSource shapes;
    return open_network(config, shapes);
}

// `extra` is what follows the model_type: ", \"vocab_size\": 11".
std::string tiny(const std::string& model_type, const std::string& extra = "") {
    return "{\"model_type\": \"" + model_type +
           "\", \"hidden_size\": 6, \"num_attention_heads\": 2, \"num_hidden_layers\": 2, "
           "\"intermediate_size\": 5, \"hidden_dim\": 5, \"max_position_embeddings\": 9, "
           "\"vocab_size\": 11" +
           extra + "}";
}

std::string with_class(const std::string& name, const std::string& extra = "") {
    return ", \"architectures\": [\"" + name + "\"]" + extra;
}

std::vector<std::string> after_final(const std::string& text) {
    std::vector<std::string> lines;
    const auto graph = open(text)->build_graph({3, 0, 0});
    for (const Node& node : graph->nodes()) {
        if (node.name == "final") lines.clear();
        if (node.name != "final") lines.push_back(node.name + " " + to_string(node.shape));
    }
    return lines;
}

using Lines = std::vector<std::string>;

TEST_SUITE_BEGIN("core/model/encoders");

TEST_CASE("an empty config of an encoder has the defaults of its class") {
    const ModelSummary albert = open(R"({"model_type": "albert"})")->sizes();
    CHECK(albert.d_model == 4096);
    CHECK(albert.heads == 64);
    CHECK(albert.d_mlp == 16384);
    CHECK(albert.vocabulary == 30000);
    CHECK(albert.layers == 12);
    const ModelSummary distilbert = open(R"({"model_type": "distilbert"})")->sizes();
    CHECK(distilbert.layers == 6);
    CHECK(distilbert.d_mlp == 3072);
    CHECK(distilbert.takes_pair);
    const ModelSummary electra = open(R"({"model_type": "electra"})")->sizes();
    CHECK(electra.d_model == 256);
    CHECK(electra.heads == 4);
    CHECK(electra.d_mlp == 1024);
    // Positions begin behind that of the padding token, 1.
    const ModelSummary roberta = open(R"({"model_type": "roberta"})")->sizes();
    CHECK(roberta.vocabulary == 50265);
    CHECK(roberta.positions == 510);
    CHECK(roberta.takes_pair);
    CHECK(open(R"({"model_type": "xlm-roberta"})")->sizes().vocabulary == 30522);
    CHECK(open(R"({"model_type": "camembert"})")->sizes().architecture == "CamembertModel");
    const ModelSummary modern = open(R"({"model_type": "modernbert"})")->sizes();
    CHECK(modern.layers == 22);
    CHECK(modern.d_mlp == 1152);
    CHECK(modern.vocabulary == 50368);
    CHECK(modern.positions == 8192);
    CHECK(!modern.cuts_input);
}

TEST_CASE("each wrong option of an encoder is refused by field, expected and found") {
    struct Refusal {
        std::string text;
        std::vector<std::string_view> parts;
    };
    const std::vector<Refusal> refusals = {
        {tiny("roberta", R"(, "add_cross_attention": true)"),
         {"add_cross_attention", "no cross-attention in roberta", "true"}},
        {tiny("electra", R"(, "add_cross_attention": true)"),
         {"add_cross_attention", "no cross-attention in electra"}},
        {tiny("camembert", R"(, "position_embedding_type": "relative_key_query")"),
         {"position_embedding_type", "absolute", "relative_key_query"}},
        {tiny("albert", R"(, "position_embedding_type": "relative_key")"),
         {"position_embedding_type", "absolute", "relative_key"}},
        {tiny("roberta", R"(, "pad_token_id": 8)"), {"pad_token_id", "at most 7", "8"}},
        {tiny("roberta", R"(, "pad_token_id": -1)"), {"pad_token_id", "from 0", "-1"}},
        {tiny("albert", R"(, "inner_group_num": 600)"), {"inner_group_num", "1024 blocks", "600"}},
        {tiny("distilbert", R"(, "n_heads": 4)"), {"n_heads", "a divisor", "4 heads"}},
        {tiny("distilbert", R"(, "activation": "mish")"), {"activation", "one of gelu", "mish"}},
        {tiny("electra", with_class("ElectraForMultipleChoice")),
         {"architectures", "ElectraForPreTraining", "ElectraForMultipleChoice"}},
        {tiny("xlm-roberta", with_class("XLMRobertaForMultipleChoice")),
         {"architectures", "XLMRobertaForMaskedLM"}},
        {tiny("modernbert", with_class("ModernBertForSequenceClassification",
                                       R"(, "classifier_pooling": "max")")),
         {"classifier_pooling", "cls or mean", "max"}},
        {tiny("modernbert", R"(, "layer_types": ["full_attention"])"),
         {"layer_types", "for each layer"}},
        {tiny("modernbert", R"(, "global_attn_every_n_layers": 0)"),
         {"global_attn_every_n_layers", "from 1"}}};
    for (const Refusal& refusal : refusals) {
        CAPTURE(refusal.text);
        const std::string message = message_of([&] { open(refusal.text); });
        for (const std::string_view part : refusal.parts) CHECK(find_flaw(message, {part}) == "");
    }
}

TEST_CASE("RoBERTa's positions count from the padding token on and leave it out") {
    const auto model = open(tiny("roberta", R"(, "pad_token_id": 2)"));
    CHECK(model->derived_ids("position_ids", {5, 2, 2, 0, 7, 2}) ==
          std::vector<int>{3, 2, 2, 4, 5, 2});
    CHECK(model->sizes().positions == 6);
}

TEST_CASE("ALBERT's layers share the tensors of their group") {
    const std::string groups =
        R"(, "num_hidden_layers": 5, "num_hidden_groups": 2, "inner_group_num": 2)";
    const ModelConfig config = parse_config(
        R"({"model_type": "albert", "hidden_size": 6, "num_attention_heads": 2)" + groups + "}",
        "config.json");
    WeightSource shapes;
    const auto model = open_network(config, shapes);
    CHECK(model->sizes().layers == 10);
    int queries = 0;
    for (WeightId id = 0; id < shapes.store()->size(); ++id) {
        const std::string& name = shapes.store()->name(id);
        if (name.ends_with("attention.query.weight")) ++queries;
        CHECK(name.find("albert_layer_groups.2") == std::string::npos);
    }
    CHECK(queries == 4);
    // Layers 0 to 2 are of group 0: 2 / (5 / 2) is not yet 1.
    const auto graph = model->build_graph({2, 0, 0});
    const auto tensor = [&](const char* node) {
        const Node& q = graph->node(*graph->find(node));
        return shapes.store()->name(graph->weight(q.operands[1].id).tensor);
    };
    CHECK(tensor("blocks.5.attn.q") ==
          "albert.encoder.albert_layer_groups.0.albert_layers.1.attention.query.weight");
    CHECK(tensor("blocks.6.attn.q") ==
          "albert.encoder.albert_layer_groups.1.albert_layers.0.attention.query.weight");
}

TEST_CASE("ModernBERT's layers see all or a band, and turn by their own angles") {
    const auto graph =
        open(tiny("modernbert", R"(, "local_attention": 7)"))->build_graph({3, 0, 0});
    const auto attributes = [&](const char* node) {
        return graph->node(*graph->find(node)).attributes;
    };
    CHECK(attributes("blocks.0.attn.masked").mask == MaskRule::kNone);
    CHECK(attributes("blocks.1.attn.masked").mask == MaskRule::kBand);
    CHECK(attributes("blocks.1.attn.masked").window == 3);
    CHECK(!graph->find("blocks.0.ln1"));
    CHECK(graph->find("blocks.1.ln1"));
    const auto slowest = [](const std::string& extra) {
        const auto wide = open(R"({"model_type": "modernbert", "hidden_size": 8,
            "num_attention_heads": 2, "num_hidden_layers": 2)" +
                               extra + "}")
                              ->build_graph({3, 0, 0});
        std::vector<double> last;
        for (const char* node : {"blocks.0.attn.rot_q", "blocks.1.attn.rot_q"}) {
            last.push_back(wide->node(*wide->find(node)).attributes.rotary.frequencies.back());
        }
        return last;
    };
    CHECK(slowest("")[0] == doctest::Approx(1 / 400.0));
    CHECK(slowest("")[1] == doctest::Approx(1 / 100.0));
    CHECK(slowest(R"(, "local_rope_theta": null)")[1] == doctest::Approx(1 / 400.0));
    const std::string scaled = R"(, "rope_scaling": {"rope_type": "linear", "factor": 2})";
    CHECK(slowest(scaled)[0] == doctest::Approx(1 / 800.0));
    CHECK(slowest(scaled)[1] == doctest::Approx(1 / 200.0));
    CHECK(slowest(R"(, "global_rope_theta": 64, "local_rope_theta": 25)") ==
          std::vector<double>{1 / 8.0, 1 / 5.0});
}

TEST_CASE("each class of an encoder has its head") {
    const Lines words = {"head.dense [T=3, D=6]", "head.act [T=3, D=6]", "head.norm [T=3, D=6]",
                         "logits [T=3, V=11]", "probs [T=3, V=11]"};
    const Lines classified = {"head.in [D=6]", "head.dense [D=6]", "head.act [D=6]", "logits [P=2]",
                              "probs [P=2]"};
    CHECK(after_final(tiny("roberta", with_class("RobertaForMaskedLM"))) == words);
    CHECK(after_final(tiny("distilbert", with_class("DistilBertForMaskedLM"))) == words);
    CHECK(after_final(tiny("modernbert", with_class("ModernBertForMaskedLM"))) == words);
    CHECK(after_final(tiny("roberta", with_class("RobertaForSequenceClassification"))) ==
          classified);
    CHECK(after_final(tiny("distilbert", with_class("DistilBertForSequenceClassification"))) ==
          classified);
    CHECK(after_final(tiny("electra", with_class("ElectraForSequenceClassification"))) ==
          classified);
    CHECK(after_final(tiny("electra", with_class("ElectraForPreTraining"))) ==
          Lines{"head.dense [T=3, D=6]", "head.act [T=3, D=6]", "logits [T=3]", "probs [T=3]"});
    CHECK(after_final(tiny("electra", with_class("ElectraForMaskedLM"))).front() ==
          "head.dense [T=3, E=128]");
    CHECK(after_final(tiny("albert", with_class("AlbertForPreTraining"))).back() ==
          "sentence_order_probs [P=2]");
    CHECK(after_final(tiny("distilbert")).empty());
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::test
