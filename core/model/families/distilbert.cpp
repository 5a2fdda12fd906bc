#include "core/model/families/distilbert.h"

#include <utility>

#include "core/model/encoder.h"

namespace heed {

std::unique_ptr<Network> open_distilbert(const ModelConfig& config, WeightSource& weights) {
    EncoderSpec spec;
    spec.prefix = "distilbert.";
    spec.d_model = config.size({"dim", "hidden_size"}, 768);
    spec.d_embedding = spec.d_model;
    spec.heads = config.size({"n_heads", "num_attention_heads"}, 12);
    config.d_head("n_heads", spec.d_model, spec.heads);
    spec.d_mlp = config.size({"hidden_dim"}, 3072);
    spec.vocabulary = config.rows({"vocab_size"}, 30522);
    spec.position_rows = config.rows({"max_position_embeddings"}, 512);
    spec.activation = config.activation("activation", "gelu");
    const int layers = config.layers({"n_layers", "num_hidden_layers"}, 6);
    for (int layer = 0; layer < layers; ++layer) {
        spec.blocks.push_back("transformer.layer." + std::to_string(layer) + ".");
    }
    spec.names = {"attention.q_lin", "attention.k_lin", "attention.v_lin", "attention.out_lin",
                  "sa_layer_norm",   "ffn.lin1",        "ffn.lin2",        "output_layer_norm"};
    EncoderHeadSpec& head = spec.head;
    head.classes = {{"DistilBertModel", EncoderTask::kNone},
                    {"DistilBertForMaskedLM", EncoderTask::kWords},
                    {"DistilBertForSequenceClassification", EncoderTask::kSequence},
                    {"DistilBertForTokenClassification", EncoderTask::kToken},
                    {"DistilBertForQuestionAnswering", EncoderTask::kSpan}};
    head.words_class = "DistilBertForMaskedLM";
    head.words.map = "vocab_projector";
    head.words.is_tied = config.flag("tie_word_embeddings", true);
    head.words_dense = "vocab_transform";
    head.words_norm = "vocab_layer_norm";
    head.words_activation = spec.activation;
    head.sequence_dense = "pre_classifier";
    head.sequence_activation = Activation::kRelu;
    return make_encoder(std::move(spec), config, weights);
}

}  // namespace heed
