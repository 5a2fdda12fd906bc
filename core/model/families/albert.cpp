#include "core/model/families/albert.h"

#include <utility>

#include "core/model/encoder.h"

namespace heed {
namespace {

// Layers share the weights of their group, and each runs all inner layers of it.
std::vector<std::string> place_blocks(const ModelConfig& config) {
    constexpr int kMaxBlocks = 1024;
    const int layers = config.layers({"num_hidden_layers"}, 12);
    const int groups = config.size({"num_hidden_groups"}, 1);
    const int inner = config.size({"inner_group_num"}, 1);
    if (layers > 0 && inner > kMaxBlocks / layers) {
        config.reader().fail("inner_group_num",
                             "at most " + std::to_string(kMaxBlocks) + " blocks in " +
                                 std::to_string(layers) + " layers",
                             config.reader().json().find("inner_group_num"));
    }
    const double layers_of_group = static_cast<double>(layers) / groups;
    std::vector<std::string> places;
    for (int layer = 0; layer < layers; ++layer) {
        const int group = static_cast<int>(layer / layers_of_group);
        for (int i = 0; i < inner; ++i) {
            places.push_back("encoder.albert_layer_groups." + std::to_string(group) +
                             ".albert_layers." + std::to_string(i) + ".");
        }
    }
    return places;
}

}  // namespace

std::unique_ptr<Network> open_albert(const ModelConfig& config, WeightSource& weights) {
    EncoderDefaults defaults;
    defaults.vocabulary = 30000;
    defaults.d_model = 4096;
    defaults.d_embedding = 128;
    defaults.heads = 64;
    defaults.d_mlp = 16384;
    defaults.activation = "gelu_new";
    EncoderSpec spec = read_encoder(config, defaults);
    spec.prefix = "albert.";
    spec.mask = MaskRule::kNone;
    spec.projection = "encoder.embedding_hidden_mapping_in";
    spec.blocks = place_blocks(config);
    spec.names = {"attention.query", "attention.key",        "attention.value",
                  "attention.dense", "attention.LayerNorm",  "ffn",
                  "ffn_output",      "full_layer_layer_norm"};
    EncoderHeadSpec& head = spec.head;
    head.classes = {{"AlbertModel", EncoderTask::kNone, true},
                    {"AlbertForMaskedLM", EncoderTask::kWords},
                    {"AlbertForPreTraining", EncoderTask::kWordsAndPair, true},
                    {"AlbertForSequenceClassification", EncoderTask::kSequence, true},
                    {"AlbertForTokenClassification", EncoderTask::kToken},
                    {"AlbertForQuestionAnswering", EncoderTask::kSpan}};
    head.words_class = "AlbertForMaskedLM";
    head.pooler = "pooler";
    head.words.map = "predictions.decoder";
    head.words.bias = "predictions.bias";
    head.words_dense = "predictions.dense";
    head.words_norm = "predictions.LayerNorm";
    head.pair = "sop_classifier.classifier";
    head.pair_node = "sentence_order";
    head.pair_labels = {"are in order", "are exchanged"};
    return make_encoder(std::move(spec), config, weights);
}

}  // namespace heed
