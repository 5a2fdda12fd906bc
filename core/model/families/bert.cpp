#include "core/model/families/bert.h"

#include <utility>

#include "core/model/encoder.h"

namespace heed {

std::unique_ptr<Network> open_bert(const ModelConfig& config, WeightSource& weights) {
    EncoderSpec spec = read_encoder(config, {});
    spec.prefix = "bert.";
    EncoderHeadSpec& head = spec.head;
    head.classes = {{"BertModel", EncoderTask::kNone, true},
                    {"BertForMaskedLM", EncoderTask::kWords},
                    {"BertLMHeadModel", EncoderTask::kWords},
                    {"BertForPreTraining", EncoderTask::kWordsAndPair, true},
                    {"BertForNextSentencePrediction", EncoderTask::kPair, true},
                    {"BertForSequenceClassification", EncoderTask::kSequence, true},
                    {"BertForTokenClassification", EncoderTask::kToken},
                    {"BertForQuestionAnswering", EncoderTask::kSpan}};
    head.words_class = "BertForMaskedLM";
    head.pooler = "pooler.dense";
    head.words.map = "cls.predictions.decoder";
    head.words.bias = "cls.predictions.bias";
    head.words_dense = "cls.predictions.transform.dense";
    head.words_norm = "cls.predictions.transform.LayerNorm";
    head.pair = "cls.seq_relationship";
    head.pair_node = "next_sentence";
    head.pair_labels = {"is the next sentence", "is another sentence"};
    return make_encoder(std::move(spec), config, weights);
}

}  // namespace heed
