#include "core/model/families/electra.h"

#include <utility>

#include "core/model/encoder.h"

namespace heed {

std::unique_ptr<Network> open_electra(const ModelConfig& config, WeightSource& weights) {
    EncoderDefaults defaults;
    defaults.d_model = 256;
    defaults.d_embedding = 128;
    defaults.heads = 4;
    defaults.d_mlp = 1024;
    EncoderSpec spec = read_encoder(config, defaults);
    spec.prefix = "electra.";
    if (spec.d_embedding != spec.d_model) spec.projection = "embeddings_project";
    EncoderHeadSpec& head = spec.head;
    head.classes = {{"ElectraModel", EncoderTask::kNone},
                    {"ElectraForPreTraining", EncoderTask::kDiscriminator},
                    {"ElectraForMaskedLM", EncoderTask::kWords},
                    {"ElectraForCausalLM", EncoderTask::kWords},
                    {"ElectraForSequenceClassification", EncoderTask::kSequence},
                    {"ElectraForTokenClassification", EncoderTask::kToken},
                    {"ElectraForQuestionAnswering", EncoderTask::kSpan}};
    head.words_class = "ElectraForMaskedLM";
    head.words.map = "generator_lm_head";
    head.words_dense = "generator_predictions.dense";
    head.words_norm = "generator_predictions.LayerNorm";
    head.words_activation = Activation::kGeluErf;
    head.discriminator_activation = spec.activation;
    head.sequence_dense = "classifier.dense";
    head.sequence_activation = Activation::kGeluErf;
    head.sequence = "classifier.out_proj";
    return make_encoder(std::move(spec), config, weights);
}

}  // namespace heed
