import{a as t}from"./amps-cards.chunk.HLK7FXIY.js";var e=t,s=e;export{s as default};
